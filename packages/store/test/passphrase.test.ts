import { encodeUtf8 } from '@dimp/crypto/format';
import { describe, expect, it } from '@jest/globals';
import { bytesEncoding } from '../src/database.js';
import { openStore, type StoreOptions } from '../src/index.js';
import { createMemoryDatabase } from '../src/memory.js';
import { isSoundCost, tuneCost, unwrapKey, wrapKey } from '../src/passphrase.js';
import { platform as nodePlatform } from '../src/platform/node.js';
import type { ScryptCost } from '../src/platform/platform.js';
import { portableScrypt } from '../src/platform/portable-scrypt.js';
import { spaces } from '../src/spaces.js';
import { cheap, codeOf, newFolder, newStore, Recorder } from './kit.js';
import { settled, until } from './people.js';

/** A store that was closed, sealed or not. */
async function closedStore(passphrase?: string): Promise<StoreOptions & { readonly location: string }> {
  const location = await newFolder();
  const store = await openStore({ location, cost: cheap, ...(passphrase && { passphrase }) });
  await store.replay.add('a', 1e10);
  await store.close();
  return { location };
}

describe('a store with a passphrase', () => {
  it('says that it is sealed, and opens with it', async () => {
    const { location } = await closedStore('correct horse');
    const store = await newStore({ location, passphrase: 'correct horse' });
    expect(store.protection).toBe('sealed');
    expect(await store.replay.has('a')).toBe(true);
  });

  it('opens however a keyboard composes the letters', async () => {
    const { location } = await closedStore('caf\u00e9');
    const store = await newStore({ location, passphrase: 'cafe\u0301' });
    expect(await store.replay.has('a')).toBe(true);
  });

  it('does not open with another or none, and opens afterwards all the same', async () => {
    const { location } = await closedStore('correct horse');
    for (const passphrase of ['Correct horse', 'correct horse ', 'x']) {
      expect(await codeOf(() => openStore({ location, passphrase }))).toBe('ERR_STORE_PASSPHRASE');
    }
    expect(await codeOf(() => openStore({ location }))).toBe('ERR_STORE_PASSPHRASE_NEEDED');
    expect((await newStore({ location, passphrase: 'correct horse' })).protection).toBe('sealed');
  });

  it('is not made with an empty one', async () => {
    const database = createMemoryDatabase();
    expect(await codeOf(() => openStore({ database, passphrase: '' }))).toBe('ERR_USAGE');
  });
});

describe('a store without a passphrase', () => {
  it('says that it is unprotected, and refuses to be opened as if it were not', async () => {
    const { location } = await closedStore();
    expect(await codeOf(() => openStore({ location, passphrase: 'x' }))).toBe('ERR_STORE_UNPROTECTED');
    const store = await newStore({ location });
    expect(store.protection).toBe('unprotected');
    expect(await store.replay.has('a')).toBe(true);
  });
});

describe('changing the passphrase', () => {
  it('writes the header alone, in one batch', async () => {
    const recorder = new Recorder();
    const store = await newStore({ database: recorder, passphrase: 'old', cost: cheap });
    for (let i = 0; i < 5; i++) await store.replay.add(`${i}`, 1e10);
    const before = recorder.batches.length;
    await store.changePassphrase('new', { cost: cheap });
    expect(recorder.batches).toHaveLength(before + 1);
    expect(recorder.batches.at(-1)?.operations).toHaveLength(2);
  });

  it.each([
    ['old', 'new'],
    ['old', undefined],
    [undefined, 'new'],
  ])('goes from %s to %s, and nothing else opens the store then', async (from, to) => {
    const { location } = await closedStore(from);
    const store = await openStore({ location, ...(from && { passphrase: from }) });
    await store.changePassphrase(to, { cost: cheap });
    expect(store.protection).toBe(to === undefined ? 'unprotected' : 'sealed');
    expect(await store.replay.has('a')).toBe(true);
    await store.close();
    const withOld = codeOf(() => openStore({ location, ...(from && { passphrase: from }) }));
    expect(await withOld).toMatch(/^ERR_STORE_(PASSPHRASE|PASSPHRASE_NEEDED|UNPROTECTED)$/);
    const again = await newStore({ location, ...(to && { passphrase: to }) });
    expect(await again.replay.has('a')).toBe(true);
  });

  it('that fails leaves the old one', async () => {
    const recorder = new Recorder();
    const store = await newStore({ database: recorder, passphrase: 'old', cost: cheap });
    recorder.endings = [new Error('bus error')];
    const changing = codeOf(() => store.changePassphrase(undefined));
    expect(await changing).toBe('ERR_STORE_WRITE');
    expect(store.protection).toBe('sealed');
    await store.close();
    const again = await newStore({ database: recorder, passphrase: 'old' });
    expect(again.protection).toBe('sealed');
  });
});

describe('a repair of the header while the passphrase is changed', () => {
  it('leaves the new one', async () => {
    const recorder = new Recorder();
    const store = await openStore({ database: recorder, passphrase: 'old', cost: cheap });
    const key = Uint8Array.of(spaces['header copy'], ...encodeUtf8('header'));
    const value = Uint8Array.from(recorder.getSync(key, bytesEncoding) ?? []).fill(0, 40);
    await recorder.batch([{ type: 'put', key, value }], { ...bytesEncoding, sync: true });
    const { iterator } = recorder;
    let write: () => void = () => undefined;
    const gate = new Promise<void>(resolve => {
      write = resolve;
    });
    let changing: Promise<void> | undefined;
    recorder.iterator = options => {
      // the repair looks around, and the new header is on its way until it was done with that
      recorder.gate = gate;
      changing ??= store.changePassphrase(undefined);
      return iterator(options);
    };
    const repairing = store.repair();
    await until(() => changing !== undefined);
    await settled();
    write();
    expect((await repairing).restoredHeader).toBe(true);
    await changing;
    await store.close();
    expect((await newStore({ database: recorder })).protection).toBe('unprotected');
  });
});

describe('what a passphrase costs to try', () => {
  it('is tuned by how long one round takes', async () => {
    const ticking = (...times: number[]) => tuneCost(() => times.shift() ?? 0);
    expect(await ticking(0, 50)).toEqual({ N: 32_768, r: 8, p: 5 });
    expect(await ticking(0, 1000)).toEqual({ N: 32_768, r: 8, p: 1 });
    expect(await ticking(0, 0)).toEqual({ N: 32_768, r: 8, p: 16 });
  });

  it('is bounded, as a header may come from anywhere', () => {
    expect(isSoundCost({ N: 32_768, r: 8, p: 16 })).toBe(true);
    for (const cost of [
      { N: 32_767, r: 8, p: 1 },
      { N: 2 ** 21, r: 1, p: 1 },
      { N: 2 ** 20, r: 16, p: 1 },
      { N: 1, r: 8, p: 1 },
      { N: 1024, r: 0, p: 1 },
      { N: 1024, r: 8, p: 65 },
      { N: 1024, r: 8, p: 1.5 },
    ]) {
      expect(isSoundCost(cost)).toBe(false);
    }
  });

  /** What is refused when it is read from a header, and what scrypt itself refuses. */
  const unsound = [
    { N: 1024, r: 8, p: 65 },
    { N: 2 ** 21, r: 8, p: 1 },
    { N: 2 ** 20, r: 16, p: 1 },
    { N: 1024, r: 33, p: 1 },
    { N: 2 ** 16, r: 1, p: 1 },
    { N: 1000, r: 8, p: 1 },
    {},
  ] as readonly ScryptCost[];

  it.each(unsound)('is refused where it is given, as no store would open with it: %j', async cost => {
    const location = await newFolder();
    const error = await openStore({ location, passphrase: 'a', cost }).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'ERR_USAGE' });
    expect((error as Error).message).toContain('N a power of two');
    const store = await newStore({ location, passphrase: 'b', cost: cheap });
    expect(await codeOf(() => store.changePassphrase('c', { cost }))).toBe('ERR_USAGE');
    await store.close();
    expect((await newStore({ location, passphrase: 'b' })).protection).toBe('sealed');
  });

  it.each([
    { N: 2 ** 15, r: 1, p: 1 },
    { N: 2, r: 32, p: 64 },
    { N: 2, r: 1, p: 1 },
  ])('may be what a header may say: %j', async cost => {
    const location = await newFolder();
    await (await openStore({ location, passphrase: 'a', cost })).close();
    expect((await newStore({ location, passphrase: 'a' })).protection).toBe('sealed');
  });

  it('cannot be changed without the key being lost', async () => {
    const wrapped = await wrapKey(new Uint8Array(32), 'a', { N: 4, r: 1, p: 1 });
    const changed = { ...wrapped, cost: { ...wrapped.cost, N: 2 } };
    expect(await codeOf(() => unwrapKey(changed, 'a'))).toBe('ERR_STORE_PASSPHRASE');
    expect(await unwrapKey(wrapped, 'a')).toHaveLength(32);
  });

  it('is paid while other things go on', async () => {
    let turns = 0;
    const count = (): void => {
      turns++;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    await nodePlatform.scrypt(new Uint8Array(1), new Uint8Array(1), { N: 2 ** 15, r: 8, p: 1 });
    clearImmediate(timer);
    expect(turns).toBeGreaterThan(10);
  });

  it('gives the same key on every platform', async () => {
    const [passphrase, salt] = [Uint8Array.of(1, 2), Uint8Array.of(3)];
    const cost = { N: 16, r: 2, p: 3 };
    expect(await portableScrypt(passphrase, salt, cost)).toEqual(
      await nodePlatform.scrypt(passphrase, salt, cost),
    );
  });
});
