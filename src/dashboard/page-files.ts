/** The files of the page, as the build made them. */
import { readFileSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { type Answer, fileAnswer } from './answer.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};
const ASSET = /^\/assets\/([\w-]+(?:\.[\w-]+)*\.(js|css|svg))$/;

export class PageFiles {
  readonly #folder: string;
  readonly #read = new Map<string, Buffer>();

  /** `folder`: `dist/dashboard`. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Every path but those of assets is a view of the page. Null: there is no such asset. */
  answer(path: string): Answer | null {
    const asset = ASSET.exec(path);
    if (!asset && path.startsWith('/assets/')) return null;
    const name = asset?.[1] ?? 'index.html';
    const body = this.#bytesOf(name);
    return body && fileAnswer(body, TYPES[asset?.[2] ?? 'html'] ?? 'application/octet-stream');
  }

  #bytesOf(name: string): Buffer | null {
    let bytes = this.#read.get(name);
    if (bytes) return bytes;
    try {
      bytes = readFileSync(`${this.#folder}/${name}`);
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return null;
      throw error;
    }
    this.#read.set(name, bytes);
    return bytes;
  }
}
