/** Whether there is room for columns. */
import { useEffect, useState } from 'preact/hooks';

const query = matchMedia('(max-width: 719px)');

export function useNarrow(): boolean {
  const [isNarrow, set] = useState(query.matches);
  useEffect(() => {
    const follow = (): void => set(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return isNarrow;
}
