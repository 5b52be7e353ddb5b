import { describe, expect, it } from '@jest/globals';
import { openStoreAs } from '../src/open-store.js';
import type { RecordKey } from '../src/record-key.js';
import { AsyncOnly, codeOf, newLedger, Recorder } from './kit.js';

const value = (byte: number): Uint8Array => Uint8Array.of(byte);

/** A promise with the function that fulfils it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { opened, open };
}

/** Lets everything go on that waits for nothing but its turn. */
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

describe('one operation', () => {
  it('resolves after its synced batch, and not before', async () => {
    const { ledger, keys, recorder } = newLedger();
    const { opened, open } = gate();
    recorder.gate = opened;
    let isDone = false;
    const change = ledger.change(records => records.put(keys.key('profile', 'a'), value(1)));
    const waiting = change.then(() => {
      isDone = true;
    });
    await settle();
    expect(recorder.batches).toEqual([
      { operations: [expect.objectContaining({ type: 'put' })], sync: true },
    ]);
    expect(isDone).toBe(false);
    open();
    await waiting;
    expect(recorder.done).toBe(1);
  });

  it('shows while it is on its way', async () => {
    const { ledger, keys, recorder } = newLedger();
    const { opened, open } = gate();
    recorder.gate = opened;
    const [a, b] = [keys.ordered('waiting', '', 1), keys.ordered('waiting', '', 2)];
    const first = ledger.change(records => records.put(a, value(1)));
    await settle();
    const second = ledger.change(records => records.put(b, value(2)));
    await settle();
    expect(await ledger.get(a)).toEqual(value(1));
    expect(await ledger.get(b)).toEqual(value(2));
    const entries = await ledger.list(keys.sequence('waiting', ''));
    expect(entries.map(entry => entry.value)).toEqual([value(1), value(2)]);
    open();
    await Promise.all([first, second]);
    expect(await ledger.get(a)).toEqual(value(1));
  });

  it('gives what the work gives, and changes nothing when it throws', async () => {
    const { ledger, keys, recorder } = newLedger();
    const key = keys.key('profile', 'a');
    expect(await ledger.change(() => 7)).toBe(7);
    const failing = ledger.change(records => {
      records.put(key, value(1));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await ledger.get(key)).toBeUndefined();
    expect(recorder.batches).toEqual([]);
  });

  it.each([
    ['at once', new Recorder()],
    ['later', new AsyncOnly()],
  ])('has the records for itself, from a database that reads %s', async (_, recorder) => {
    const { ledger, keys } = newLedger(recorder);
    const key = keys.key('profile', 'counter');
    const count = () =>
      ledger.change(async records => {
        const [before = 0] = (await records.get(key)) ?? [];
        await settle();
        records.put(key, value(before + 1));
      });
    await Promise.all(Array.from({ length: 20 }, count));
    expect(await ledger.get(key)).toEqual(value(20));
  });
});

describe('a burst', () => {
  it('of a hundred operations costs two syncs, and each resolves after its own', async () => {
    const { ledger, keys, recorder } = newLedger();
    const doneWhenResolved: number[] = [];
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        await ledger.unit(async unit => unit.put(keys.key('profile', `${index}`), value(index)));
        const batch = recorder.batches.findIndex(({ operations }) =>
          operations.some(one => Buffer.compare(one.key, keys.key('profile', `${index}`).bytes) === 0),
        );
        expect(recorder.done).toBeGreaterThan(batch);
        doneWhenResolved.push(recorder.done);
      }),
    );
    expect(recorder.batches.length).toBeLessThanOrEqual(3);
    expect(recorder.batches.every(({ sync }) => sync)).toBe(true);
    expect(doneWhenResolved).toHaveLength(100);
  });

  it('too large for one batch begins with the first before the others have come', async () => {
    const { ledger, keys, recorder } = newLedger();
    const put = (index: number) =>
      ledger.unit(async unit => unit.put(keys.key('profile', `${index}`), value(1)));
    await Promise.all(Array.from({ length: 300 }, (_, index) => put(index)));
    expect(recorder.batches.map(({ operations }) => operations.length)).toEqual([128, 128, 44]);
  });

  it('keeps each unit in one batch', async () => {
    const { ledger, keys, recorder } = newLedger();
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        ledger.unit(async unit => {
          unit.put(keys.member('profile', `${index}`, 'a'), value(1));
          await settle();
          unit.put(keys.member('profile', `${index}`, 'b'), value(2));
        }),
      ),
    );
    for (const { operations } of recorder.batches) expect(operations.length % 2).toBe(0);
    expect(recorder.batches.flatMap(({ operations }) => operations)).toHaveLength(100);
  });

  it('writes a record that changed often only once', async () => {
    const { ledger, keys, recorder } = newLedger();
    const key = keys.key('profile', 'counter');
    const { opened, open } = gate();
    recorder.gate = opened;
    const first = ledger.change(records => records.put(key, value(0)));
    await settle();
    const others = Array.from({ length: 30 }, (_, i) => ledger.change(records => records.put(key, value(i))));
    await settle();
    open();
    await Promise.all([first, ...others]);
    expect(recorder.batches.map(({ operations }) => operations.length)).toEqual([1, 1]);
    expect(await ledger.get(key)).toEqual(value(29));
  });
});

describe('a unit', () => {
  it('shows to itself at once, and to others when it is merged', async () => {
    const { ledger, keys } = newLedger();
    const [a, b] = [keys.member('profile', 'x', 'a'), keys.member('profile', 'x', 'b')];
    await ledger.change(records => records.put(a, value(1)));
    const unit = await ledger.begin();
    unit.put(b, value(2));
    unit.remove(a);
    expect((await unit.list(keys.range('profile', 'x'))).map(entry => entry.value)).toEqual([value(2)]);
    expect((await ledger.list(keys.range('profile', 'x'))).map(entry => entry.value)).toEqual([value(1)]);
    const { durable } = await unit.merge();
    expect((await ledger.list(keys.range('profile', 'x'))).map(entry => entry.value)).toEqual([value(2)]);
    await durable;
    expect(await ledger.get(a)).toBeUndefined();
  });

  it('counts right at its end, whoever else counts', async () => {
    const { ledger, keys } = newLedger(new AsyncOnly());
    const key = keys.key('profile', 'counter');
    const count = (name: string) =>
      ledger.unit(async unit => {
        unit.put(keys.key('profile', name), value(1));
        await unit.atEnd(async records => {
          const [before = 0] = (await records.get(key)) ?? [];
          records.put(key, value(before + 1));
        });
        await settle();
      });
    await Promise.all(Array.from({ length: 20 }, (_, index) => count(`${index}`)));
    expect(await ledger.get(key)).toEqual(value(20));
  });

  it('takes another inside it, which is one of its own', async () => {
    const { ledger, keys, recorder } = newLedger();
    const [a, b] = [keys.key('profile', 'a'), keys.key('profile', 'b')];
    const outer = ledger.unit(async unit => {
      unit.put(a, value(1));
      await ledger.unit(async inner => inner.put(b, value(2)));
      expect(recorder.done).toBe(1);
      throw new Error('not this one');
    });
    await expect(outer).rejects.toThrow('not this one');
    expect(await ledger.get(a)).toBeUndefined();
    expect(await ledger.get(b)).toEqual(value(2));
  });

  it('drops a change inside it that throws, and goes on', async () => {
    const { ledger, keys } = newLedger();
    const [a, b] = [keys.key('profile', 'a'), keys.key('profile', 'b')];
    await ledger.unit(async unit => {
      const failing = unit.change(records => {
        records.put(a, value(1));
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      await unit.change(records => records.put(b, value(2)));
      expect(await unit.get(b)).toEqual(value(2));
    });
    expect(await ledger.get(a)).toBeUndefined();
    expect(await ledger.get(b)).toEqual(value(2));
  });

  it('cannot be changed after its end', async () => {
    const { ledger, keys } = newLedger();
    const unit = await ledger.begin();
    await unit.merge();
    const key = keys.key('profile', 'a');
    expect(await codeOf(() => unit.put(key, value(1)))).toBe('ERR_USAGE');
    expect(await codeOf(() => unit.remove(key))).toBe('ERR_USAGE');
    expect(await codeOf(() => unit.change(() => undefined))).toBe('ERR_USAGE');
    expect(await codeOf(() => unit.atEnd(() => undefined))).toBe('ERR_USAGE');
    expect(await codeOf(() => unit.merge())).toBe('ERR_USAGE');
  });

  it('that changes nothing tells what it saw only when that is on disk', async () => {
    const { ledger, keys, recorder } = newLedger();
    const { opened, open } = gate();
    recorder.gate = opened;
    const writing = ledger.change(records => records.put(keys.key('profile', 'a'), value(1)));
    await settle();
    let isTold = false;
    const looking = ledger
      .unit(unit => unit.get(keys.key('profile', 'a')))
      .then(seen => {
        isTold = true;
        return seen;
      });
    await settle();
    expect(isTold).toBe(false);
    open();
    expect(await looking).toEqual(value(1));
    await writing;
  });
});

describe('a list', () => {
  it('is right over what is on disk and on its way, in both directions and with a limit', async () => {
    const { ledger, keys } = newLedger();
    const key = (n: number): RecordKey => keys.ordered('waiting', 'run', n);
    await ledger.change(records => {
      for (const n of [1, 3, 5, 7, 9]) records.put(key(n), value(n));
    });
    const unit = await ledger.begin();
    for (const n of [2, 6, 300]) unit.put(key(n), value(n % 256));
    unit.put(key(5), value(55));
    for (const n of [3, 7]) unit.remove(key(n));
    const list = async (bounds: Parameters<typeof keys.sequence>[2]) =>
      (await unit.list(keys.sequence('waiting', 'run', bounds))).map(entry => entry.value?.[0]);
    expect(await list({})).toEqual([1, 2, 55, 6, 9, 44]);
    expect(await list({ reverse: true })).toEqual([44, 9, 6, 55, 2, 1]);
    expect(await list({ limit: 3 })).toEqual([1, 2, 55]);
    expect(await list({ limit: 2, reverse: true })).toEqual([44, 9]);
    expect(await list({ from: 5 })).toEqual([55, 6, 9, 44]);
    expect(await list({ from: 2, before: 9 })).toEqual([2, 55, 6]);
    expect(await list({ before: 9, reverse: true, limit: 1 })).toEqual([6]);
    expect(await ledger.list(keys.sequence('waiting', 'another run'))).toEqual([]);
  });
});

describe('closing', () => {
  it('waits for what was begun, and refuses what comes later', async () => {
    const recorder = new Recorder();
    const store = await openStoreAs({ database: recorder });
    const key = store.keys.key('profile', 'a');
    const writing = store.ledger.change(records => records.put(key, value(1)));
    const before = recorder.done;
    await store.close();
    await writing;
    expect(recorder.done).toBe(before + 1);
    expect(await codeOf(() => store.ledger.get(key))).toBe('ERR_STORE_CLOSED');
    expect(await codeOf(() => store.ledger.change(records => records.put(key, value(1))))).toBe(
      'ERR_STORE_CLOSED',
    );
    await store.close();
  });
});
