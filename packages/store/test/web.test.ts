import 'fake-indexeddb/auto';
import { keyStoreConformance } from '@dimp/core/conformance';
import { archiveConformance, conversationsConformance, outboxConformance } from '@dimp/sdk/conformance';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Disk } from '../src/disk.js';
import { Ledger } from '../src/ledger.js';
import { createContext, type StoreOptions } from '../src/open-store.js';
import { ScopeParts } from '../src/parts.js';
import { platform as portable } from '../src/platform/portable.js';
import { PortableSealer } from '../src/platform/portable-sealer.js';
import { platform } from '../src/platform/web.js';
import { RecordKeys } from '../src/record-key.js';
import { codeOf } from './kit.js';

const disks: Disk[] = [];
let count = 0;

afterEach(async () => {
  for (const disk of disks.splice(0)) await disk.close();
  jest.restoreAllMocks();
});

async function open(name = `store ${count++}`): Promise<{ ledger: Ledger; disk: Disk; name: string }> {
  const disk = new Disk(await platform.openLocation(name));
  disks.push(disk);
  return { ledger: new Ledger(disk, platform.createSealer(new Uint8Array(32).fill(3))), disk, name };
}

const keys = new RecordKeys(new Uint8Array(32));

/** The ports of a new database. */
async function newParts(options: StoreOptions = {}): Promise<ScopeParts> {
  return new ScopeParts(
    (await open()).ledger,
    createContext(keys, undefined, { clock: () => 0, ...options }),
  );
}

describe('IndexedDB and WebCrypto', () => {
  archiveConformance({ describe, it }, { create: async () => (await newParts()).archive });
  conversationsConformance(
    { describe, it },
    { create: async bounds => (await newParts(bounds)).conversations },
  );
  outboxConformance({ describe, it }, { create: async () => (await newParts()).outbox });
  keyStoreConformance({ describe, it }, { create: async () => (await newParts()).keyStore });

  it('have everything when they are opened again', async () => {
    const { ledger, disk, name } = await open();
    const key = keys.key('profile', 'a');
    await ledger.change(records => records.put(key, Uint8Array.of(1)));
    await disk.close();
    const again = await open(name);
    expect(await again.ledger.get(key)).toEqual(Uint8Array.of(1));
  });

  it('write so that a power cut takes nothing back', async () => {
    const begin = jest.spyOn(IDBDatabase.prototype, 'transaction');
    const { ledger } = await open();
    await ledger.change(records => records.put(keys.key('profile', 'a'), Uint8Array.of(1)));
    expect(begin).toHaveBeenCalledWith(expect.anything(), 'readwrite', { durability: 'strict' });
  });

  it('have no files to repair', async () => {
    expect(await codeOf(() => platform.repairLocation('x'))).toBe('ERR_USAGE');
  });
});

describe('a page without WebCrypto', () => {
  it('seals in portable code', () => {
    jest.spyOn(globalThis.crypto, 'subtle', 'get').mockReturnValue(undefined as never);
    expect(platform.createSealer(new Uint8Array(32))).toBeInstanceOf(PortableSealer);
  });
});

describe('another platform', () => {
  it('has no locations', async () => {
    expect(await codeOf(() => portable.openLocation('x'))).toBe('ERR_USAGE');
    expect(await codeOf(() => portable.repairLocation('x'))).toBe('ERR_USAGE');
    expect(portable.createSealer(new Uint8Array(32))).toBeInstanceOf(PortableSealer);
  });
});
