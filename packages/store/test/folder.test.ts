import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../src/folder.js';
import { openStore, repairStore, type StoreError } from '../src/index.js';
import { codeOf, newFolder, newStore } from './kit.js';

/** A closed store with this many messages remembered. */
async function closedStore(count = 5): Promise<string> {
  const location = await newFolder();
  const store = await openStore({ location });
  await Promise.all(Array.from({ length: count }, async (_, i) => store.replay.add(`${i}`, 1e10)));
  await store.close();
  return location;
}

/** Names of the database's files with this ending. */
async function filesOf(location: string, ending: string): Promise<readonly string[]> {
  const names = await readdir(join(location, 'records'));
  return names.filter(name => name.endsWith(ending)).map(name => join(location, 'records', name));
}

describe('the folder of a store', () => {
  it('is for its owner alone, also when it was there before', async () => {
    const location = await newFolder();
    await mkdir(location);
    await chmod(location, 0o755);
    await newStore({ location });
    expect((await stat(location)).mode & 0o777).toBe(0o700);
    const made = join(await newFolder(), 'a', 'b');
    await newStore({ location: made });
    expect((await stat(made)).mode & 0o777).toBe(0o700);
  });

  it('names who has it open, until it is closed', async () => {
    const location = await newFolder();
    const store = await openStore({ location });
    const holder = JSON.parse(await readFile(join(location, 'holder.json'), 'utf8'));
    expect(holder).toMatchObject({ pid: process.pid, host: hostname() });
    await store.close();
    expect(await readdir(location)).toEqual(['closed.json', 'records']);
  });

  it('has everything in the next run of the program', async () => {
    const store = await newStore({ location: await closedStore() });
    for (let i = 0; i < 5; i++) expect(await store.replay.has(`${i}`)).toBe(true);
  });

  it('cannot be a file, and the cause says so', async () => {
    const location = await newFolder();
    await writeFile(location, 'x');
    const error = await openStore({ location }).catch((thrown: StoreError) => thrown);
    expect(error).toMatchObject({
      code: 'ERR_STORE_WRITE',
      message: `The folder ${location} could not be made or opened; see the cause.`,
      cause: { code: 'EEXIST' },
    });
    const below = openStore({ location: join(location, 'a', 'b') });
    await expect(below).rejects.toMatchObject({ code: 'ERR_STORE_WRITE', cause: { code: 'ENOTDIR' } });
  });

  it.each(['/proc/dimp', '/proc/dimp/a/b', ''])('ends where none can be made: %j', async location => {
    await expect(openStore({ location })).rejects.toMatchObject({ code: 'ERR_STORE_WRITE' });
  });

  it('is made with those above it by several at once', async () => {
    const above = join(await newFolder(), 'a', 'b');
    await Promise.all(['1', '2', '3'].map(name => makeFolder(join(above, name, 'c'))));
    expect((await readdir(above)).sort()).toEqual(['1', '2', '3']);
    const link = join(above, 'link');
    await symlink(join(above, '1'), link);
    await makeFolder(join(link, 'd'));
    await makeFolder(link);
    await symlink(join(above, 'nothing'), join(above, 'dangling'));
    await expect(makeFolder(join(above, 'dangling', 'e'))).rejects.toMatchObject({ code: 'EEXIST' });
  });
});

describe('one writer', () => {
  const children: ChildProcess[] = [];

  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  });

  it('is named to the second, and keeps the store', async () => {
    const location = await newFolder();
    const store = await newStore({ location });
    const error = await openStore({ location }).catch((thrown: StoreError) => thrown);
    const { since } = JSON.parse(await readFile(join(location, 'holder.json'), 'utf8'));
    expect(error).toMatchObject({
      code: 'ERR_STORE_LOCKED',
      holder: { pid: process.pid, host: hostname(), since },
    });
    expect((error as Error).message).toContain(`process ${process.pid} on ${hostname()} since 20`);
    expect(await codeOf(() => repairStore(location))).toBe('ERR_STORE_LOCKED');
    await store.replay.add('a', 1e10);
    expect(await store.replay.has('a')).toBe(true);
  });

  it('of another process is named, and leaves the store when it is killed', async () => {
    const location = await closedStore();
    await unlink(join(location, 'closed.json'));
    const child = await lockElsewhere(location);
    const holder = { pid: child.pid, host: hostname(), since: 1_700_000_000 };
    await writeFile(join(location, 'holder.json'), JSON.stringify(holder));
    await expect(openStore({ location })).rejects.toMatchObject({ code: 'ERR_STORE_LOCKED', holder });
    await writeFile(join(location, 'holder.json'), JSON.stringify({ ...holder, pid: 2 ** 22 + 1 }));
    const unnamed = await openStore({ location }).catch((thrown: StoreError) => thrown);
    expect(unnamed).toMatchObject({ code: 'ERR_STORE_LOCKED', holder: undefined });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = await newStore({ location });
    expect(await store.replay.has('4')).toBe(true);
  });

  /** A process that holds the database of a store, as another program would. */
  async function lockElsewhere(location: string): Promise<ChildProcess> {
    const script = `
      const { ClassicLevel } = await import(process.argv[1]);
      await new ClassicLevel(process.argv[2]).open();
      console.log('open');
      setInterval(() => {}, 1000);`;
    const module = import.meta.resolve('classic-level');
    const args = ['--input-type=module', '-e', script, module, join(location, 'records')];
    const child = spawn(process.execPath, args, {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  }
});

describe('files that were cut off', () => {
  it('are noticed where the database itself would lose the end of its log in silence', async () => {
    const location = await closedStore(200);
    const [log] = (await filesOf(location, '.log')) as [string];
    const { size } = await stat(log);
    await truncate(log, Math.floor(size / 2));
    expect(await codeOf(() => openStore({ location }))).toBe('ERR_STORE_CORRUPT');
    expect(await codeOf(() => openStore({ location }))).toBe('ERR_STORE_CORRUPT');
    expect(await repairStore(location)).toContain('put together');
    const store = await newStore({ location });
    const report = await store.verify();
    expect(report).toMatchObject({ isGood: true, isHeaderWhole: true });
  });

  it('may be the end of a log of a program that was killed, and that is no error', async () => {
    const location = await closedStore(20);
    await unlink(join(location, 'closed.json'));
    const [log] = (await filesOf(location, '.log')) as [string];
    await truncate(log, (await stat(log)).size - 5);
    const store = await newStore({ location });
    expect(await store.replay.has('0')).toBe(true);
  });

  it('or missing are noticed', async () => {
    for (const ending of ['CURRENT', '.log']) {
      const location = await closedStore();
      for (const file of await filesOf(location, ending)) await rm(file);
      expect(await codeOf(() => openStore({ location }))).toBe('ERR_STORE_CORRUPT');
    }
  });

  it('are never taken for a new store', async () => {
    const location = await closedStore();
    await unlink(join(location, 'closed.json'));
    await unlink(join(location, 'records', 'CURRENT'));
    expect(await codeOf(() => openStore({ location }))).toBe('ERR_STORE_CORRUPT');
    await repairStore(location);
    const store = await newStore({ location });
    expect(await store.replay.has('4')).toBe(true);
  });

  it('of tables are read as far as they go, and repaired', async () => {
    const location = await closedStore(300);
    // opening once more writes the log into a table
    await (await openStore({ location })).close();
    const [table] = (await filesOf(location, '.ldb')) as [string];
    await unlink(join(location, 'closed.json'));
    await truncate(table, (await stat(table)).size - 1000);
    expect(await codeOf(() => openStore({ location }))).toBe('ERR_STORE_CORRUPT');
    await repairStore(location);
  });

  it('cannot be repaired where there is no store', async () => {
    expect(await codeOf(async () => repairStore(await newFolder()))).toBe('ERR_STORE_CORRUPT');
  });
});
