/** Files of `npm test` that are rows of the matrix as they stand: they run here too, and are reported as one row each. */
export interface WholeFile {
  file: string;
  area: string;
  name: string;
  promise: string;
}

export const WHOLE_FILES: readonly WholeFile[] = [];
