import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Added, type MessageStore, openMessageStore, StationServer, StorageError } from '@dimp/station';
import { createMemoryDatabase } from '@dimp/store/memory';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, newAccount } from './kit/account.js';
import { afterTest } from './kit/after-test.js';
import { Client } from './kit/client.js';
import { newFolder } from './kit/folder.js';
import { Station } from './kit/station.js';
import { until } from './kit/until.js';

let alice: Account;
let bob: Account;
let carol: Account;

beforeAll(async () => {
  [alice, bob, carol] = (await Promise.all(['alice', 'bob', 'carol'].map(newAccount))) as [
    Account,
    Account,
    Account,
  ];
});

const disk = mountSmallDisk(48);

if (disk === undefined) {
  console.warn('No file system may be mounted here, so the full disk is played by a failing store only.');
  it.skip('needs the right to mount a tmpfs', () => undefined);
} else {
  describe('a station on a disk of 48 MB that gets full', () => {
    afterAll(() => disk.unmount());

    it('says so, still gives what it has, and loses nothing of what it took', async () => {
      const station = await Station.start({ data: join(disk.path, 'data') });
      const a = await Client.connect(alice, { url: station.url, knows: [bob] });
      const texts = Array.from({ length: 40 }, (_, index) => `${index} ${'x'.repeat(50_000)}`);
      await a.send(texts[0] as string, bob);
      const filler = join(disk.path, 'filler');
      await fill(filler, 300_000);
      const outcomes: string[] = [];
      for (const text of texts.slice(1)) outcomes.push(outcomeOf(await a.send(text, bob)));
      expect(new Set(outcomes)).toEqual(new Set(['sent', 'queued ERR_STATION_STORAGE']));
      expect(outcomes.at(-1)).toBe('queued ERR_STATION_STORAGE');

      // who logs in now gets what is there
      const b = await Client.connect(bob, { url: station.url });
      const taken = 1 + outcomes.filter(outcome => outcome === 'sent').length;
      expect(await b.hears(taken)).toEqual(texts.slice(0, taken));
      await rm(filler);
      await a.messenger.resume();
      expect(await b.hears(texts.length)).toEqual(texts);

      await a.send('after', bob);
      await b.hears(texts.length + 1);
      await b.close();
      await a.send('kept', bob);
      await station.kill();
      await station.start();
      const again = await Client.connect(bob, { url: station.url, knows: [alice] });
      await until(() => again.texts.includes('kept'));
    }, 60_000);
  });
}

describe('a station whose store fails', () => {
  it('refuses for the time being, and takes everything in order later', async () => {
    const database = createMemoryDatabase();
    await database.open();
    const store = new FailingStore(await openMessageStore({ database }));
    const listen = { port: 0 };
    const server = new StationServer({
      data: await newFolder(),
      listen,
      keyBits: 1024,
      ports: { messageStore: store },
    });
    afterTest(() => server.close());
    const { url } = await server.start();
    const a = await Client.connect(alice, { url, knows: [bob] });
    const b = await Client.connect(bob, { url, knows: [alice, carol] });
    const c = await Client.connect(carol, { url, knows: [bob] });
    await a.send('before', bob);
    store.isFull = true;
    expect(outcomeOf(await a.send('1', bob))).toBe('queued ERR_STATION_STORAGE');
    expect(outcomeOf(await a.send('2', bob))).toBe('queued ERR_STATION_STORAGE');
    expect(outcomeOf(await c.send('mine', bob))).toBe('queued ERR_STATION_STORAGE');
    store.isFull = false;
    await Promise.all([a.messenger.resume(), c.messenger.resume()]);
    await b.hears(4);
    expect(b.textsOf(alice)).toEqual(['before', '1', '2']);
    expect(b.textsOf(carol)).toEqual(['mine']);
  });
});

/** A message store on a disk that may be full. */
class FailingStore implements MessageStore {
  isFull = false;
  readonly #store: MessageStore;

  constructor(store: MessageStore) {
    this.#store = store;
  }

  get total(): MessageStore['total'] {
    return this.#store.total;
  }

  async add(message: Parameters<MessageStore['add']>[0]): Promise<Added> {
    if (this.isFull) throw new StorageError('messages', { cause: new Error('no space left on device') });
    return this.#store.add(message);
  }

  openDevice: MessageStore['openDevice'] = (...given) => this.#store.openDevice(...given);
  pending: MessageStore['pending'] = (...given) => this.#store.pending(...given);
  page: MessageStore['page'] = (...given) => this.#store.page(...given);
  acknowledge: MessageStore['acknowledge'] = (...given) => this.#store.acknowledge(...given);
  usage: MessageStore['usage'] = user => this.#store.usage(user);
  sweep: MessageStore['sweep'] = now => this.#store.sweep(now);
  idle: MessageStore['idle'] = () => this.#store.idle();
  close: MessageStore['close'] = () => this.#store.close();
}

/** `sent`, or what it is and why. */
function outcomeOf(sent: Awaited<ReturnType<Client['send']>>): string {
  const { kind } = sent;
  const { error } = sent as { readonly error?: { readonly code: string } };
  return error === undefined ? kind : `${kind} ${error.code}`;
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
      // lazily, as a test that failed may have left a station running there
      spawnSync('umount', ['--lazy', path], { stdio: 'ignore' });
      rmSync(path, { recursive: true, force: true });
    },
  };
}
