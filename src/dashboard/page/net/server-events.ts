/** Server-sent events out of the pieces in which a stream brings them. */

export interface ServerEvent {
  event: string;
  data: string;
}

/** Returns a function that takes the next piece of text and gives the events that it completed. */
export function serverEventParser(): (piece: string) => ServerEvent[] {
  let rest = '';
  return piece => {
    const blocks = (rest + piece).replace(/\r\n?/g, '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.flatMap(block => eventOf(block) ?? []);
  };
}

function eventOf(block: string): ServerEvent | null {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const at = line.indexOf(':');
    const field = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
  return data.length === 0 ? null : { event, data: data.join('\n') };
}
