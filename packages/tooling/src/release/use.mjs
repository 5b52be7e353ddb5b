import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listEntries } from '../api/entries.mjs';
import { checkBuilt } from '../checks/packed.mjs';
import { readJson } from '../workspace.mjs';

/** @import { Package } from '../workspace.mjs' */
/** @import { Children, RunOptions } from './children.mjs' */

/** Two people of an application; one writes, the other reads. Prints what came out at the other end. */
const program = `
const join = async name => {
  const facebook = new sdk.Facebook();
  const user = await sdk.registerUser(facebook, { name, algorithm: 'ECC' });
  return { user, facebook, messenger: new sdk.Messenger({ facebook, transport: new sdk.MemoryRelay().connect(user.id) }) };
};
const alice = await join('alice');
const bob = await join('bob');
const introduce = async (known, to) => {
  await to.facebook.saveMeta(await known.user.meta(), known.user.id);
  await to.facebook.saveProfile(await known.user.profile());
};
await introduce(bob, alice);
await introduce(alice, bob);
const packed = await alice.messenger.packContent(dkd.createText('Hello Bob'), bob.user.id);
const received = await bob.messenger.processPackage(packed);
console.log(received.kind, received.message.content.text);
`;

/** The same program as a stranger starts it: as a module, and with `require`. */
const forms = {
  'use.mjs': `import * as sdk from '@dimp/sdk';\nimport * as dkd from '@dimp/dkd';\n${program}`,
  'use.cjs': `const sdk = require('@dimp/sdk');\nconst dkd = require('@dimp/dkd');\n(async () => {${program}})();\n`,
};

/**
 * Installs what was published into an empty folder and uses it: every entry by `import` and by `require`, and a
 * message that is packed and unpacked.
 *
 * @param {string} folder
 * @param {readonly Package[]} packages
 * @param {ReadonlyMap<string, string>} versions that must be found, by name
 * @param {Children} children
 * @param {RunOptions} options
 * @returns {Promise<readonly string[]>} what is wrong
 */
export async function usePublished(folder, packages, versions, children, options) {
  const names = packages.map(({ manifest }) => manifest.name);
  await install(folder, names, children, options);
  const entries = packages.flatMap(pack => listEntries(pack).map(({ title }) => title));
  const all = JSON.stringify(entries);
  const scripts = {
    ...forms,
    'entries.mjs': `for (const entry of ${all}) await import(entry);\n`,
    'entries.cjs': `for (const entry of ${all}) require(entry);\n`,
  };
  const problems = names.flatMap(name =>
    checkInstalled(join(folder, 'node_modules', name), versions.get(name)),
  );
  for (const [file, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, file), text);
    const { output } = await children.attempt(process.execPath, [file], { ...options, cwd: folder });
    const expected = file in forms ? 'accepted Hello Bob\n' : '';
    // a warning is as wrong as an error
    if (output !== expected) problems.push(`${file} printed ${JSON.stringify(output)}`);
  }
  return problems;
}

/**
 * Installs one package alone.
 *
 * @param {string} folder
 * @param {string} name
 * @param {Children} children
 * @param {RunOptions} options
 * @returns {Promise<readonly string[]>} which of our packages came
 */
export async function installAlone(folder, name, children, options) {
  await install(folder, [name], children, options);
  return readdirSync(join(folder, 'node_modules/@dimp')).sort();
}

/**
 * @param {string} folder
 * @param {readonly string[]} names
 * @param {Children} children
 * @param {RunOptions} options
 */
async function install(folder, names, children, options) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  await children.run('npm', ['install', '--no-audit', '--no-fund', ...names], { ...options, cwd: folder });
}

/**
 * @param {string} dir
 * @param {string | undefined} expected
 * @returns {string[]} what is wrong
 */
function checkInstalled(dir, expected) {
  const manifest = readJson(join(dir, 'package.json'));
  const changelog = readFileSync(join(dir, 'CHANGELOG.md'), 'utf8');
  return [
    ...(manifest.version === expected ? [] : [`${manifest.name} is ${manifest.version} and not ${expected}`]),
    ...(changelog.includes(`\n## ${expected}\n`)
      ? []
      : [`the CHANGELOG.md of ${manifest.name} says nothing of ${expected}`]),
    ...(JSON.stringify(manifest).includes('workspace:') ? [`${manifest.name} asks for workspace:`] : []),
    ...checkBuilt(dir).map(problem => `${manifest.name} ${problem}`),
  ];
}
