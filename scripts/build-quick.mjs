// Bundles that are read anew for every call, where the engine's work on the code takes longer than what the code does.
// docs/decisions/0028-code-that-runs-once.md says what each of these ways spares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { transform } from 'esbuild';
import ts from 'typescript';

/** Stands before what is compiled at once, until the bundle is minified. */
const AT_ONCE = 'COMPILED_AT_ONCE';

/**
 * Builds one CommonJS file for each entry point.
 *
 * @param build `esbuild.build`, or what stands in for it
 * @param options of esbuild; `entryPoints` as an object, each a path or the `stdin` of esbuild
 * @param calls how the functions of some modules (paths from the root) are called:
 *   `always` by nearly all calls, so they are compiled where they stand;
 *   `seldom` by so few that the module lies in the bundle as text, which the engine passes over quicker than code. It is
 *   compiled when one of its functions is called, and may export functions only.
 *   All others are compiled when they are called.
 */
export async function buildQuick(build, options, calls) {
  mkdirSync(options.outdir, { recursive: true });
  for (const [name, entry] of Object.entries(options.entryPoints)) {
    const texts = new Map();
    const { outputFiles } = await build({
      ...options,
      ...(typeof entry === 'string' ? { entryPoints: [entry] } : { entryPoints: undefined, stdin: entry }),
      write: false,
      // The engine compiles functions in parentheses where they stand, but not those with an arrow.
      supported: { ...options.supported, arrow: false },
      plugins: [asText(build, options, calls.seldom, texts), ...(options.plugins ?? [])],
    });
    const code = marked(outputFiles[0].text, calls.always) + callText(texts);
    const minified = await transform(code, { minify: true, target: options.target, format: 'cjs' });
    writeFileSync(`${options.outdir}/${name}.cjs`, minified.code.replaceAll(`${AT_ONCE}(`, '('));
  }
}

/** Has calls of these modules go to their texts. `texts`: by path, as far as they are needed. */
const asText = (build, options, modules, texts, entry) => ({
  name: 'as-text',
  setup: bundle => {
    bundle.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const module = relative(options.absWorkingDir, path);
      if (module === entry || !modules.includes(module)) return null;
      const { metafile } = await build({ ...options, entryPoints: [module], format: 'esm', write: false });
      const { exports: names } = Object.values(metafile.outputs)[0];
      const other = /^export (?!(async )?function |type |interface |const \w+ = (async )?\().*/m.exec(
        readFileSync(path, 'utf8'),
      );
      if (other) throw new Error(`${module}: expected to export functions only, got ${other[0]}`);
      if (!texts.has(module)) {
        texts.set(module, '');
        const stdin = {
          contents: `import { ${names} } from './${module}'; Object.assign(exported, { ${names} });`,
          resolveDir: options.absWorkingDir,
        };
        const plugins = [asText(build, options, modules, texts, module), ...(options.plugins ?? [])];
        const { entryPoints, ...others } = options;
        const { outputFiles } = await build({ ...others, stdin, plugins, write: false, minify: true });
        texts.set(module, outputFiles[0].text);
      }
      const call = name => `export function ${name}(...args) { return callText('${module}').${name}(...args); }`;
      return { contents: names.map(call).join('\n') };
    });
  },
});

/** The end of a bundle: the texts, and the function that compiles one. */
const callText = texts => `
function callText(module) {
  const compiled = (callText.compiled ??= {});
  if (!compiled[module]) {
    const text = textOf()[module]();
    new Function('require', 'callText', 'exported', text)(require, callText, (compiled[module] = {}));
  }
  return compiled[module];
}
function textOf() {
  return { ${[...texts].sort().map(([module, text]) => `'${module}'() { return ${JSON.stringify(text)}; }`)} };
}`;

/** The bundle with the mark before each function of these modules, and with one `require` of `node:fs`. */
function marked(code, modules) {
  const edits = [];
  let fs;
  for (const statement of ts.createSourceFile('bundle.js', code, ts.ScriptTarget.ES2022, true).statements) {
    const isMarked = modules.includes(moduleOf(code, statement.getStart()));
    if (ts.isFunctionDeclaration(statement) && isMarked) {
      edits.push([statement.getStart(), statement.getStart(), `var ${statement.name.text} = ${AT_ONCE}(`]);
      edits.push([statement.getEnd(), statement.getEnd(), ');']);
    }
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer === undefined) continue;
      const [start, end] = [initializer.getStart(), initializer.getEnd()];
      if (ts.isFunctionExpression(initializer) && isMarked) {
        edits.push([start, start, `${AT_ONCE}(`], [end, end, ')']);
      }
      if (initializer.getText() !== 'require("node:fs")') continue;
      if (fs !== undefined) edits.push([start, end, fs]);
      fs ??= name.getText();
    }
  }
  let edited = '';
  let at = 0;
  for (const [start, end, text] of edits) {
    edited += code.slice(at, start) + text;
    at = end;
  }
  return edited + code.slice(at);
}

/** The bundler writes the path of each module above its code. */
function moduleOf(code, at) {
  const above = code.lastIndexOf('\n// ', at);
  return code.slice(above + '\n// '.length, code.indexOf('\n', above + 1));
}
