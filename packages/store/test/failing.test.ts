import { describe, expect, it } from '@jest/globals';
import { Disk } from '../src/disk.js';
import { openStore, type StoreError } from '../src/index.js';
import { Ledger } from '../src/ledger.js';
import { NodeSealer } from '../src/platform/node-sealer.js';
import { RecordKeys } from '../src/record-key.js';
import { codeOf, newLedger, Recorder } from './kit.js';

const value = (byte: number): Uint8Array => Uint8Array.of(byte);
const diskFull = (): Error =>
  Object.assign(new Error('IO error: 000003.log: No space left on device'), { code: 'LEVEL_IO_ERROR' });
const quota = (): Error => Object.assign(new Error('It is too much.'), { name: 'QuotaExceededError' });

describe('a write that fails once', () => {
  it('is told by a code, with the cause', async () => {
    const { ledger, keys, recorder } = newLedger();
    const put = () => ledger.change(records => records.put(keys.key('profile', 'a'), value(1)));
    for (const [error, code] of [
      [diskFull(), 'ERR_STORE_FULL'],
      [quota(), 'ERR_STORE_FULL'],
      [new Error('bus error'), 'ERR_STORE_WRITE'],
    ] as const) {
      recorder.endings = [error];
      const outcome = await put().catch((thrown: StoreError) => thrown);
      expect(outcome).toMatchObject({ code, cause: error });
      expect(await ledger.get(keys.key('profile', 'a'))).toBeUndefined();
    }
    await put();
    expect(await ledger.get(keys.key('profile', 'a'))).toEqual(value(1));
  });

  it('takes along what gathered behind it, and nothing that begins later', async () => {
    const { ledger, keys, recorder } = newLedger();
    await recorder.open();
    const key = keys.key('profile', 'counter');
    const count = () =>
      ledger.change(async records => {
        const [before = 0] = (await records.get(key)) ?? [];
        records.put(key, value(before + 1));
        return before + 1;
      });
    await count();
    recorder.endings = [diskFull()];
    const outcomes = await Promise.allSettled([count(), count(), count()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await ledger.get(key)).toEqual(value(1));
    expect(await count()).toBe(2);
    expect(await ledger.get(key)).toEqual(value(2));
  });

  it('ends the units that are open, as what they read may be gone', async () => {
    const { ledger, keys, recorder } = newLedger();
    const open = await ledger.begin();
    open.put(keys.key('profile', 'b'), value(2));
    recorder.endings = [diskFull()];
    const failed = ledger.change(records => records.put(keys.key('profile', 'a'), value(1)));
    expect(await codeOf(() => failed)).toBe('ERR_STORE_FULL');
    expect(await codeOf(() => open.merge())).toBe('ERR_STORE_FULL');
    expect(await ledger.get(keys.key('profile', 'b'))).toBeUndefined();
    await ledger.unit(async unit => unit.put(keys.key('profile', 'b'), value(3)));
    expect(await ledger.get(keys.key('profile', 'b'))).toEqual(value(3));
  });

  it('is heard of by commit, and then commit has nothing to wait for', async () => {
    const { ledger, keys, recorder } = newLedger();
    recorder.endings = [new Error('bus error')];
    const unit = await ledger.begin();
    unit.put(keys.key('profile', 'a'), value(1));
    await unit.merge();
    expect(await codeOf(() => ledger.commit())).toBe('ERR_STORE_WRITE');
    await ledger.commit();
    expect(recorder.batches).toHaveLength(1);
  });

  it('ends no program when a unit that changed nothing is not waited for', async () => {
    const { ledger, keys, recorder } = newLedger();
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      recorder.endings = [diskFull()];
      const failing = ledger.change(records => records.put(keys.key('profile', 'a'), value(1)));
      const { durable } = await (await ledger.begin()).merge();
      expect(await codeOf(() => failing)).toBe('ERR_STORE_FULL');
      // such rejections are told of when nothing else is to be done
      for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve));
      expect(unhandled).toEqual([]);
      expect(await codeOf(() => durable)).toBe('ERR_STORE_FULL');
    } finally {
      process.off('unhandledRejection', note);
    }
  });

  it('leaves no trace in a store: what it kept before is there, what failed is not', async () => {
    const recorder = new Recorder();
    const store = await openStore({ database: recorder });
    await store.replay.add('kept', 1e10);
    recorder.endings = [diskFull()];
    expect(await codeOf(() => store.replay.add('lost', 1e10))).toBe('ERR_STORE_FULL');
    expect(await store.replay.has('lost')).toBe(false);
    await store.replay.add('later', 1e10);
    for (const name of ['kept', 'later']) expect(await store.replay.has(name)).toBe(true);
  });
});

describe('a database that has to be opened again after a failure', () => {
  function reopenable(reopen: () => Promise<void>): { ledger: Ledger; keys: RecordKeys; recorder: Recorder } {
    const recorder = new Recorder();
    const disk = new Disk({ database: recorder, reopen });
    const ledger = new Ledger(disk, new NodeSealer(new Uint8Array(32)));
    return { ledger, keys: new RecordKeys(new Uint8Array(32)), recorder };
  }

  it('is opened once, before anything else is written', async () => {
    const reopened: number[] = [];
    const { ledger, keys, recorder } = reopenable(async () => {
      reopened.push(recorder.batches.length);
    });
    const put = (name: string) => ledger.change(records => records.put(keys.key('profile', name), value(1)));
    await put('a');
    recorder.endings = [diskFull()];
    expect(await codeOf(() => put('b'))).toBe('ERR_STORE_FULL');
    expect(reopened).toEqual([]);
    await Promise.all([put('c'), put('d')]);
    expect(reopened).toEqual([2]);
    expect(await ledger.get(keys.key('profile', 'b'))).toBeUndefined();
  });

  it('is read as before while there is no room', async () => {
    let isFull = true;
    const { ledger, keys, recorder } = reopenable(async () => {
      if (isFull) throw diskFull();
    });
    const put = (name: string) => ledger.change(records => records.put(keys.key('profile', name), value(1)));
    await put('a');
    recorder.endings = [diskFull()];
    for (const name of ['b', 'c', 'd']) expect(await codeOf(() => put(name))).toBe('ERR_STORE_FULL');
    expect(await codeOf(() => ledger.unit(async () => undefined))).toBe('ERR_STORE_FULL');
    expect(recorder.batches).toHaveLength(2);
    expect(await ledger.get(keys.key('profile', 'a'))).toEqual(value(1));
    isFull = false;
    await put('e');
    expect(await ledger.get(keys.key('profile', 'e'))).toEqual(value(1));
  });

  it('ends units that began before, also when they did nothing yet', async () => {
    const { ledger, keys, recorder } = reopenable(async () => undefined);
    const unit = await ledger.begin();
    recorder.endings = [diskFull()];
    const put = () => ledger.change(records => records.put(keys.key('profile', 'a'), value(1)));
    expect(await codeOf(put)).toBe('ERR_STORE_FULL');
    await put();
    expect(await codeOf(() => unit.merge())).toBe('ERR_STORE_FULL');
  });
});
