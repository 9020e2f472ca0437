/** Secrets as they really look, each another one, and words that stand for what people and models wrote. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

export class Canaries {
  /** What nobody may ever find, each with what it was put into. */
  readonly cores = new Map<string, string>();
  #count: number;

  /** `from`: number of the first, so that every round has others. */
  constructor(from = 0) {
    this.#count = from;
  }

  #core(what: string): string {
    let rest = ++this.#count;
    let digits = '';
    for (let at = 0; at < 6; at++, rest = Math.floor(rest / 26)) digits += LETTERS[rest % 26];
    // Sixteen letters, as the shortest of them has.
    const core = `QZX${digits}KWJVPYH`;
    this.cores.set(core, what);
    return core;
  }

  /** A word of what must not be kept at all. */
  word(what: string): string {
    return `unlikely ${this.#core(what)} word`;
  }

  /** A secret in a text of which the rest may be kept; each call another kind. */
  secret(what: string): string {
    const core = this.#core(what);
    const kinds = [
      `sk-ant-api03-${core}-${core}`,
      `ghp_${core}${core}0123`,
      `github_pat_${core}${core}`,
      `AKIA${core}`,
      `xoxb-1234-${core}`,
      `eyJ${core}.eyJ${core}.${core}`,
      `-----BEGIN RSA PRIVATE KEY-----${core}`,
      `postgres://admin:${core}@db.example/x`,
      `Authorization: Bearer ${core}`,
      `Authorization: Basic ${core}==`,
      `npm_${core}${core}`,
      `AIza${core}${core}`,
      `password=${core}`,
      `"api_key": "${core}"`,
      `AWS_SECRET_ACCESS_KEY=${core}`,
      `https://user:${core}@example.com/path`,
      `https://example.com/?token=${core}&x=1`,
    ];
    return `failed with ${kinds[this.#count % kinds.length]} there`;
  }

  /** Those that stand in a text, with what they were put into. */
  in(text: string): string[] {
    return [...this.cores].filter(([core]) => text.includes(core)).map(([core, what]) => `${core}: ${what}`);
  }
}

/** Labels, which are kept without secrets, and messages of failures, of which the first line is. */
const LABELS = ['description', 'session_title', 'aiTitle', 'customTitle', 'summary', 'title'];
const FAILURES = ['error', 'error_details', 'reason'];

/** A copy of a value in which every text is a canary, but for those whose key is known to be kept. */
export function withCanaries(value: unknown, canaries: Canaries, kept: readonly string[], where = ''): unknown {
  const failure = (): string =>
    `${canaries.secret(`${where}, failure`)}\n${canaries.word(`${where}, second line of a failure`)}`;
  if (typeof value === 'string') return canaries.word(where);
  if (Array.isArray(value)) return value.map(item => withCanaries(item, canaries, kept, where));
  if (typeof value !== 'object' || value === null) return value;
  const isFailed = 'is_error' in value && value.is_error === true;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (typeof item !== 'string') return [key, withCanaries(item, canaries, kept, `${where}.${key}`)];
      if (kept.includes(key)) return [key, item];
      if (LABELS.includes(key)) return [key, canaries.secret(`${where}.${key}`)];
      if (FAILURES.includes(key) || (isFailed && key === 'content')) return [key, failure()];
      return [key, canaries.word(`${where}.${key}`)];
    }),
  );
}
