import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openStore, type Store } from '../../src/index.js';
import { codeOf, Recorder } from '../kit.js';
import { addNote, cost, listNotes, readNotes } from './notes.js';

const disk = mountSmallDisk(40);

if (disk === undefined) {
  console.warn(
    'No file system may be mounted here, so the full disk is played by a layer under the store only.',
  );
  it.skip('needs the right to mount a tmpfs', () => undefined);
} else {
  describe('on a disk of 40 MB that gets full', () => {
    afterAll(() => disk.unmount());

    it('what does not fit is reported, memory and disk agree, and work goes on when there is room', async () => {
      const location = join(disk.path, 'store');
      const store = await openStore({ location, passphrase: 'secret', cost });
      const accepted = ['before'];
      await addNote(store, 'before');
      const filler = join(disk.path, 'filler');
      await fill(filler, 200_000);
      const codes = await writeUntilRefused(store, accepted);
      expect(codes).toEqual(['ERR_STORE_FULL', 'ERR_STORE_FULL']);
      // reading goes on, and shows what was accepted and nothing else
      expect(await listNotes(store)).toEqual(accepted);
      await rm(filler);
      await addNote(store, 'after');
      accepted.push('after');
      expect(await readNotes(store)).toEqual({ notes: accepted, problems: [] });
      await store.close();

      const again = await openStore({ location, passphrase: 'secret' });
      expect(await readNotes(again)).toEqual({ notes: accepted, problems: [] });
      await again.close();
    }, 60_000);

    it('it closes without room, and opens when there is some', async () => {
      const location = join(disk.path, 'closed');
      const store = await openStore({ location, passphrase: 'secret', cost });
      const accepted = ['before'];
      await addNote(store, 'before');
      const filler = join(disk.path, 'filler');
      await fill(filler, 100_000);
      await writeUntilRefused(store, accepted);
      await fill(join(disk.path, 'rest'), 0);
      await store.close();
      expect(await readdir(location)).not.toContain('holder.json');
      await rm(filler);
      await rm(join(disk.path, 'rest'));
      const again = await openStore({ location, passphrase: 'secret' });
      expect(await readNotes(again)).toEqual({ notes: accepted, problems: [] });
      await again.close();
    }, 60_000);

    it('what is read beside the next write is whole', async () => {
      const store = await openStore({ location: join(disk.path, 'read'), passphrase: 'secret', cost });
      const accepted = Array.from({ length: 3000 }, (_, index) => `note ${index}`);
      await Promise.all(accepted.map(note => addNote(store, note)));
      for (let round = 0; round < 3; round++) {
        const filler = join(disk.path, 'filler');
        await fill(filler, 10_000);
        await writeUntilRefused(store, accepted);
        await rm(filler);
        const reading = Promise.all([listNotes(store), store.verify()]);
        const note = `after ${round}`;
        const [[notes, { isGood, unreadable }]] = await Promise.all([reading, addNote(store, note)]);
        expect([isGood, unreadable]).toEqual([true, undefined]);
        expect(notes.filter(found => found !== note)).toEqual(accepted);
        accepted.push(note);
      }
      await store.close();
    }, 60_000);

    it.each([1, 2, 4, 8, 16, 32])(
      'a new store with room for %i blocks is made or is refused with a code',
      async blocks => {
        const location = join(disk.path, `blocks ${blocks}`);
        const filler = join(disk.path, 'filler');
        await fill(filler, blocks * 4096);
        const code = await codeOf(async () => (await openStore({ location, cost })).close());
        await rm(filler);
        expect(['none', 'ERR_STORE_FULL']).toContain(code);
        await (await openStore({ location, cost })).close();
      },
    );

    it('a store that cannot even be made, or opened, says so', async () => {
      const filler = join(disk.path, 'filler');
      await fill(filler, 0);
      const location = join(disk.path, 'another');
      expect(await codeOf(() => openStore({ location, cost }))).toBe('ERR_STORE_FULL');
      await rm(filler);
      await (await openStore({ location, cost })).close();
    });
  });
}

describe('over a database that fails', () => {
  const full = (): Error =>
    Object.assign(new Error('IO error: No space left on device'), { code: 'LEVEL_IO_ERROR' });

  it('once: what was under way is reported, and nothing of it is there', async () => {
    const recorder = new Recorder();
    const store = await openStore({ database: recorder });
    await addNote(store, 'before');
    recorder.endings = [new Error('IO error: the cable')];
    expect(await codeOf(() => addNote(store, 'lost'))).toBe('ERR_STORE_WRITE');
    expect(await listNotes(store)).toEqual(['before']);
    await addNote(store, 'lost');
    expect(await readNotes(store)).toEqual({ notes: ['before', 'lost'], problems: [] });
  });

  it('again and again, in bursts: every note is either accepted and there, or refused and not there', async () => {
    const recorder = new Recorder();
    const store = await openStore({ database: recorder });
    const accepted: string[] = [];
    for (let round = 0; round < 30; round++) {
      recorder.endings = [[], [full()], ['pass' as const, full(), full()]][round % 3] ?? [];
      const notes = Array.from({ length: 25 }, (_, index) => `${round}.${index}`);
      const codes = await Promise.all(notes.map(note => codeOf(() => addNote(store, note))));
      expect(codes.filter(code => code !== 'none' && code !== 'ERR_STORE_FULL')).toEqual([]);
      accepted.push(...notes.filter((_, index) => codes[index] === 'none'));
      expect(await readNotes(store)).toEqual({ notes: accepted, problems: [] });
    }
    expect(accepted.length).toBeGreaterThan(250);
  });
});

/** Writes larger and larger until two in a row were refused; gives their codes. */
async function writeUntilRefused(store: Store, accepted: string[]): Promise<readonly string[]> {
  const codes: string[] = [];
  for (let number = 0; codes.length < 2 && number < 1000; number++) {
    const note = `${number} ${'x'.repeat(5000)}`;
    const code = await codeOf(() => addNote(store, note));
    if (code === 'none') accepted.push(note);
    else codes.push(code);
  }
  return codes;
}

/** Makes a file that leaves so many bytes on its disk. */
async function fill(path: string, left: number): Promise<void> {
  const file = await open(path, 'w');
  const block = new Uint8Array(65_536);
  let size = 0;
  try {
    for (;;) size += (await file.write(block)).bytesWritten;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
    await file.truncate(Math.max(0, size - left));
  } finally {
    await file.close();
  }
}

/** A disk of so many megabytes in memory; undefined where that is not permitted. */
function mountSmallDisk(megabytes: number): { readonly path: string; unmount(): void } | undefined {
  const path = mkdtempSync(join(tmpdir(), 'dimp-disk-'));
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path];
  if (spawnSync('mount', options, { stdio: 'ignore' }).status !== 0) {
    rmSync(path, { recursive: true });
    return undefined;
  }
  return {
    path,
    unmount() {
      // lazily, as a test that failed may have left a store open there
      spawnSync('umount', ['--lazy', path], { stdio: 'ignore' });
      rmSync(path, { recursive: true, force: true });
    },
  };
}
