import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consumers } from '../consumers/list.mjs';
import { runConsumers } from '../consumers/run.mjs';
import { listUses } from '../consumers/uses.mjs';
import { listPublicPackages } from '../workspace.mjs';
import { commitAll, copyRepository, listTags } from './copy.mjs';
import { checkRegistry, registryEnv } from './environment.mjs';
import { findInconsistent, listPublished } from './published.mjs';
import { installRegistry, startRegistry } from './registry.mjs';
import { carriesVersions } from './use.mjs';
import { planVersions, readChangesets } from './versions.mjs';

/** @import { Package } from '../workspace.mjs' */
/** @import { Children, RunOptions } from './children.mjs' */
/** @import { Published } from './published.mjs' */
/** @import { Failure } from './registry.mjs' */
/** @import { Bump } from './versions.mjs' */

/** @typedef {{ readonly step: <T>(title: string, work: () => Promise<T>) => Promise<T>, readonly tell: (text: string) => void }} Progress */
/** @typedef {Awaited<ReturnType<typeof startRegistry>>} Registry */

/** What the parts of a rehearsal have in common. */
/** @typedef {{ readonly copy: string, readonly registry: Registry, readonly children: Children, readonly options: RunOptions, readonly progress: Progress }} Stage */

/**
 * Releases the workspace three times, in a copy and to a registry on loopback, with uploads that go wrong; and uses
 * what was published.
 *
 * @param {string} folder an empty one, which everything is written to
 * @param {Children} children
 * @param {Progress} progress
 * @throws {Error} at the first thing that is not as it should be
 */
export async function rehearse(folder, children, progress) {
  const { step, tell } = progress;
  const copy = join(folder, 'repository');
  await step('a copy of the repository, installed', async () => {
    await copyRepository(copy, children);
    await children.run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], { cwd: copy });
  });
  const registry = await step('a registry on loopback', async () => {
    const place = join(folder, 'registry');
    await installRegistry(place, children);
    const uplink = (await children.run('npm', ['config', 'get', 'registry'])).trim();
    return startRegistry(place, uplink, children);
  });
  try {
    const options = { cwd: copy, env: registryEnv(folder, registry.url) };
    /** @type {Stage} */
    const stage = { copy, registry, children, options, progress };
    await step('nothing asks another registry', () =>
      checkRegistry(registry.url, listPublicPackages(copy), children, options),
    );

    const refused = findMiddle(listPublicPackages(copy));
    tell('first release: what the changesets of the repository ask for');
    await version(stage, readChangesets(join(copy, '.changeset')));
    await publishWithFailure(stage, refused, 'refused');

    tell('second release: a minor change of @dimp/crypto');
    await version(stage, writeChangeset(copy, '@dimp/crypto', 'minor', 'Added what the rehearsal asks for.'));
    await publishWithFailure(stage, refused, 'unanswered');

    tell('third release: a patch of @dimp/sdk');
    await version(stage, writeChangeset(copy, '@dimp/sdk', 'patch', 'Mended what the rehearsal broke.'));
    await publish(stage);

    await step('installed into empty folders and used', () => use(folder, stage));
  } finally {
    registry.close();
  }
}

/**
 * Lets changesets make the versions and holds them against the plan.
 *
 * @param {Stage} stage
 * @param {ReadonlyMap<string, Bump>} asked
 */
async function version({ copy, children, options, progress }, asked) {
  const before = listPublicPackages(copy);
  const plan = planVersions(before.map(toVersioned), asked);
  await progress.step('versions as planned', async () => {
    if (asked.size > 0) await children.run('pnpm', ['run', 'version:packages'], options);
    const wrong = listPublicPackages(copy)
      .map(({ manifest }) => ({ ...manifest, planned: plan.get(manifest.name) }))
      .filter(({ version, planned }) => version !== planned)
      .map(({ name, version, planned }) => `${name} is ${version}; the plan says ${planned}`);
    demand(wrong);
    await commitAll(copy, 'chore: version packages', children);
  });
  for (const { dir, manifest } of before) {
    if (plan.get(manifest.name) === manifest.version) continue;
    const [, newest = ''] = readFileSync(join(dir, 'CHANGELOG.md'), 'utf8').split(/^## /m);
    progress.tell(`${manifest.name} ${newest.trim().replace(/\n+(?=.)/g, '\n  ')}`);
  }
}

/**
 * A release in which the upload of one package goes wrong, and which is then repeated until all is out.
 *
 * @param {Stage} stage
 * @param {string} name
 * @param {Failure} failure
 */
async function publishWithFailure(stage, name, failure) {
  const { registry, children, options, progress } = stage;
  await progress.step(`an upload of ${name} that is ${failure}`, async () => {
    registry.fail(name, failure);
    const before = await listTags(stage.copy, children);
    const { status, output } = await children.attempt('pnpm', ['run', 'release'], options);
    registry.heal();
    if (status === 0) throw new Error(`the release does not notice it\n${output}`);
    demand(findInconsistent(await readPublished(stage)));
    const after = await listTags(stage.copy, children);
    if (after.length > before.length)
      throw new Error(`tags of a release that is not out: ${after.join(', ')}`);
  });
  await publish(stage);
}

/**
 * A release that succeeds: it publishes what is not there yet and changes nothing else.
 *
 * @param {Stage} stage
 */
async function publish(stage) {
  const { copy, children, options, progress } = stage;
  await progress.step('released, and once more without effect', async () => {
    const before = listPublished(await readPublished(stage));
    await children.run('pnpm', ['run', 'release'], options);
    const published = await readPublished(stage);
    const after = listPublished(published);
    const expected = listPublicPackages(copy).map(nameAndVersion);
    const tags = await listTags(copy, children);
    demand([
      ...before.filter(line => !after.includes(line)).map(line => `${line} was published and is gone`),
      ...after
        .filter(line => !before.includes(line) && !expected.includes(line.split(' ')[0] ?? ''))
        .map(line => `${line} was published and is no version of the workspace`),
      ...expected
        .filter(wanted => !after.some(line => line.startsWith(`${wanted} `)))
        .map(wanted => `${wanted} is not published`),
      ...expected.filter(wanted => !tags.includes(wanted)).map(wanted => `${wanted} has no tag`),
      ...findInconsistent(published),
    ]);
    await children.run('pnpm', ['run', 'release'], options);
    const again = listPublished(await readPublished(stage));
    if (again.join() !== after.join()) throw new Error(`the second run published more: ${again.join(', ')}`);
    progress.tell(
      `published: ${after
        .filter(line => !before.includes(line))
        .map(line => line.split(' ')[0])
        .join(', ')}`,
    );
  });
}

/**
 * The consumers of `npm run verify`, who install from the registry this time.
 *
 * @param {string} folder
 * @param {Stage} stage
 */
async function use(folder, { copy, registry, children, options, progress }) {
  const packages = listPublicPackages(copy);
  const versions = new Map(packages.map(({ manifest }) => [manifest.name, String(manifest.version)]));
  demand(
    await runConsumers({
      consumers,
      uses: [...listUses(true), carriesVersions(versions)],
      registry: registry.url,
      folder: join(folder, 'used'),
      env: options.env,
      signal: children.signal,
      report: progress.tell,
    }),
  );
}

/**
 * @param {Stage} stage
 * @returns {Promise<Published>}
 */
async function readPublished({ copy, registry }) {
  const names = listPublicPackages(copy).map(({ manifest }) => manifest.name);
  return new Map(
    await Promise.all(names.map(async name => /** @type {const} */ ([name, await registry.read(name)]))),
  );
}

/**
 * @param {string} copy
 * @param {string} name
 * @param {Bump} bump
 * @param {string} text
 */
function writeChangeset(copy, name, bump, text) {
  writeFileSync(join(copy, '.changeset/rehearsal.md'), `---\n'${name}': ${bump}\n---\n\n${text}\n`);
  return readChangesets(join(copy, '.changeset'));
}

/**
 * A package that needs others and that others need: when it is refused, some are out and some cannot be.
 *
 * @param {readonly Package[]} packages
 */
function findMiddle(packages) {
  const needed = new Set(packages.flatMap(pack => toVersioned(pack).dependencies));
  const middle = packages
    .map(toVersioned)
    .find(({ name, dependencies }) => needed.has(name) && dependencies.length > 0);
  if (middle === undefined) throw new Error('no package needs others and is needed');
  return middle.name;
}

/** @param {Package} pack */
function toVersioned({ manifest }) {
  const dependencies = Object.keys(manifest.dependencies ?? {}).filter(name => name.startsWith('@dimp/'));
  return { name: manifest.name, version: String(manifest.version), dependencies };
}

/** @param {Package} pack */
function nameAndVersion({ manifest }) {
  return `${manifest.name}@${manifest.version}`;
}

/**
 * @param {readonly string[]} problems
 * @throws {Error} when there are any
 */
function demand(problems) {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
