import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type JsonObject, type JsonValue } from '@dimp/crypto';
import { parseCases, type VectorFile, VectorFormError, type VectorSection } from './case.js';

/** The published sets, beside this package's sources. */
const shipped = fileURLToPath(new URL('../../vectors/', import.meta.url));

const accountsName = 'accounts.json';

/** More than ten times the largest published file. */
const maxBytes = 64 * 1024 * 1024;

/** The published files of generation 1, as paths from the current directory. */
export async function shippedFiles(): Promise<readonly string[]> {
  const folder = join(shipped, 'v1');
  const names = (await readdir(folder)).filter(name => name.endsWith('.json') && name !== accountsName);
  return names.sort().map(name => relative('', join(folder, name)));
}

/**
 * Reads a file of cases: `{ about, cases: […] }`, or `{ about, accounts?, sections: { NAME: […] } }`. A file
 * of accounts is one without cases.
 *
 * Its accounts are its own, else those of `accounts.json` beside it, else the published ones.
 * @throws {VectorFormError} it cannot be read or is of another form
 */
export async function loadVectors(path: string): Promise<VectorFile> {
  const json = await readJson(path);
  const stem = basename(path).replace(/\.json$/, '');
  const generation = isGeneration2(json) ? 2 : 1;
  const sections = parseSections(json, stem);
  const accounts = isJsonObject(json['accounts']) ? json['accounts'] : await loadAccounts(path, generation);
  return { path, generation, sections, accounts };
}

function parseSections(json: JsonObject, stem: string): readonly VectorSection[] {
  const { cases, sections } = json;
  if (isJsonObject(sections)) {
    return Object.entries(sections).map(([name, list]) => ({
      name,
      cases: parseCases(list, `section ${JSON.stringify(name)}`, name),
    }));
  }
  if (cases === undefined && isAccounts(json)) return [];
  return [{ name: undefined, cases: parseCases(cases, '"cases"', stem) }];
}

/** Files of generation 2 tell which reference they are of; those of generation 1 do so case by case. */
function isGeneration2(json: JsonObject): boolean {
  if (typeof json['reference'] === 'string') return true;
  const accounts = json['accounts'];
  return isJsonObject(accounts) && isJsonObject(accounts['accounts']);
}

function isAccounts(json: JsonObject): boolean {
  return isJsonObject(json['users']) || isJsonObject(json['accounts']);
}

async function loadAccounts(path: string, generation: number): Promise<JsonObject> {
  const beside = join(dirname(path), accountsName);
  return readJson((await isFile(beside)) ? beside : join(shipped, `v${generation}`, accountsName));
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    entry => entry.isFile(),
    () => false,
  );
}

async function readJson(path: string): Promise<JsonObject> {
  const text = await readText(path);
  let json: JsonValue;
  try {
    json = JSON.parse(text);
  } catch {
    throw new VectorFormError('expected JSON text');
  }
  if (!isJsonObject(json)) throw new VectorFormError('expected an object with "cases" or "sections"');
  return json;
}

async function readText(path: string): Promise<string> {
  try {
    const entry = await stat(path);
    if (!entry.isFile()) throw new VectorFormError('expected a file');
    if (entry.size > maxBytes) throw new VectorFormError(`expected at most ${maxBytes} bytes`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof VectorFormError) throw error;
    throw new VectorFormError((error as Error).message, { cause: error });
  }
}
