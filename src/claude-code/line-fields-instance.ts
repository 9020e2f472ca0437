/** `wasm/line-fields.ts`, compiled once, and started as often as it is needed. */
import type { ModuleExports } from './line-fields-memory.ts';
import { LINE_FIELDS_MODULE } from './line-fields-module.ts';

/** Types of these come with those of browsers only. */
const { Module, Instance } = (
  globalThis as unknown as {
    WebAssembly: {
      Module: new (bytes: Buffer) => object;
      Instance: new (module: object) => { readonly exports: unknown };
    };
  }
).WebAssembly;
let compiled: object | undefined;

/** A memory of its own, and the functions that look at it. */
export function startModule(): ModuleExports {
  compiled ??= new Module(Buffer.from(LINE_FIELDS_MODULE, 'base64'));
  return new Instance(compiled).exports as ModuleExports;
}
