import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  cp,
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
import { hostname, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { makeFolder, openFolder } from '../src/folder.js';
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

const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
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

  it('is one, however its path is spelled', async () => {
    const location = await newFolder();
    const link = join(dirname(location), 'link');
    const store = await newStore({ location: relative(process.cwd(), location) });
    await symlink(location, link);
    for (const path of [location, link, join(link, '..', 'store'), `${location}/.`]) {
      const error = openStore({ location: path });
      await expect(error).rejects.toMatchObject({ code: 'ERR_STORE_LOCKED', holder: { pid: process.pid } });
      expect(await codeOf(() => repairStore(path))).toBe('ERR_STORE_LOCKED');
    }
    await store.replay.add('a', 1e10);
    expect((await store.verify()).isGood).toBe(true);
  });

  it('stays the same when the program goes elsewhere', async () => {
    const location = await newFolder();
    const before = process.cwd();
    const store = await openStore({ location: relative(before, location) });
    try {
      process.chdir(tmpdir());
      await store.close();
    } finally {
      process.chdir(before);
    }
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
});

describe('a folder that is handed over', () => {
  it('keeps the name of the next one, and nothing of the one before', async () => {
    const location = await closedStore();
    const before = await openFolder(location);
    await before.database.close();
    // the lock is gone, and the next one was waiting for it
    const next = await openFolder(location);
    await before.release?.();
    expect(JSON.parse(await readFile(join(location, 'holder.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    expect(await readdir(location)).not.toContain('closed.json');
    await expect(openFolder(location)).rejects.toMatchObject({
      code: 'ERR_STORE_LOCKED',
      holder: { pid: process.pid },
    });
    await next.database.close();
    await next.release?.();
    expect(await readdir(location)).toEqual(['closed.json', 'records']);
  });

  it('is locked for a third, and opens after a kill, whatever the one before wrote late', async () => {
    const location = await closedStore(200);
    const late = await readFile(join(location, 'closed.json'));
    const store = await newStore({ location });
    await store.replay.add('new', 1e10);
    await writeFile(join(location, 'closed.json'), late);
    expect(await codeOf(() => openStore({ location }))).toBe('ERR_STORE_LOCKED');
    // what lies there after a kill
    const killed = await newFolder();
    await cp(location, killed, { recursive: true });
    const again = await newStore({ location: killed });
    for (const name of ['0', '199', 'new']) expect(await again.replay.has(name)).toBe(true);
    expect(await readdir(killed)).not.toContain('closed.json');
  });

  it('is looked at again by the next one when opening came to nothing', async () => {
    const location = await closedStore();
    const child = await lockElsewhere(location);
    await writeFile(join(location, 'closed.json'), JSON.stringify({ '000999.log': { size: 1 } }));
    // it tells of another session than the one that has it
    expect(await codeOf(() => openStore({ location }))).toBe('ERR_STORE_LOCKED');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await (await newStore({ location })).replay.has('4')).toBe(true);
  });

  it('is closed though what it consists of cannot be written down', async () => {
    const location = await newFolder();
    const store = await openStore({ location });
    await store.replay.add('a', 1e10);
    await mkdir(join(location, 'closed.json'));
    await store.close();
    expect(await readdir(location)).toEqual(['closed.json', 'records']);
    await rm(join(location, 'closed.json'), { recursive: true });
    expect(await (await newStore({ location })).replay.has('a')).toBe(true);
  });

  it.each(['null', '7', '[]', '{"CURRENT":null}', '{"CURRENT"'])(
    'is taken as it is when that is no list: %s',
    async text => {
      const location = await closedStore();
      await writeFile(join(location, 'closed.json'), text);
      expect(await (await newStore({ location })).replay.has('4')).toBe(true);
    },
  );
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

  it('cannot be repaired where there is no store, and the text says so', async () => {
    const nothing = await newFolder();
    await makeFolder(nothing);
    for (const location of [nothing, join(nothing, 'typo')]) {
      await expect(repairStore(location)).rejects.toMatchObject({
        code: 'ERR_STORE_CORRUPT',
        message: `There is no store at ${location}; look at the path.`,
      });
    }
    expect(await readdir(nothing)).toEqual([]);
    await expect(repairStore(undefined as never)).rejects.toThrow('location: expected a text, got nothing');
  });
});
