import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { readJson, root } from '../workspace.mjs';

const programs = join(import.meta.dirname, 'programs');

/**
 * Writes a program into a folder: as TypeScript, as a module, and as CommonJS.
 *
 * @param {{ readonly name: string }} consumer
 * @param {string} folder
 * @param {string} [name] of the files
 */
export function writePrograms(consumer, folder, name = 'program') {
  const text = readFileSync(join(programs, `${consumer.name}.ts`), 'utf8');
  const options = /** @type {const} */ ({ loader: 'ts', target: 'es2022' });
  const declared = transformSync(text, { ...options, format: 'esm' }).code;
  writeFileSync(join(folder, `${name}.ts`), text);
  writeFileSync(join(folder, `${name}.js`), declared);
  writeFileSync(join(folder, `${name}.cjs`), transformSync(text, { ...options, format: 'cjs' }).code);
  copyFileSync(join(programs, 'input.ts'), join(folder, 'input.ts'));
}

/**
 * What programs are given: hulk, and his first message in the vectors.
 *
 * @param {string} location
 */
export function inputFor(location) {
  const vectors = join(root, 'packages/interop/vectors/v1');
  const { hulk } = readJson(join(vectors, 'accounts.json')).users;
  const [first] = readJson(join(vectors, 'messages.json')).cases;
  return {
    user: { id: hulk.ID, meta: hulk.meta },
    message: { package: first.out.package, key: first.in.key },
    location,
  };
}
