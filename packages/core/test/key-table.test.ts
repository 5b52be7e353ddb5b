import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRegistry, exportKey, type JsonObject, type SymmetricAlgorithm } from '@dimp/crypto';
import { aes } from '@dimp/crypto/aes';
import { type ID, parseID } from '@dimp/mkm';
import { defaultAddresses } from '@dimp/mkm/defaults';
import { describe, expect, it } from '@jest/globals';
import { isReusable } from '../src/key-store.js';
import {
  findMessageKey,
  formatKeyTable,
  loadKeyTable,
  parseKeyTable,
  saveKeyTable,
} from '../src/key-table.js';
import { MemoryKeyStore } from '../src/memory-key-store.js';

interface Vector {
  readonly name: string;
  readonly op: string;
  readonly in: { readonly table: JsonObject; readonly lookups: readonly (readonly [string, string])[] };
  readonly out: { readonly keys: readonly (JsonObject | null)[] };
}

const path = join(import.meta.dirname, '../../interop/vectors/v1/services.json');
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Vector[] };
const vectors = cases.filter(({ op }) => op === 'key-table');

const symmetric = createRegistry<SymmetricAlgorithm>('symmetric algorithm', [aes]);
const context = { addresses: defaultAddresses, symmetric };
const id = (text: string): ID => parseID(text, context);

const hulk = 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj';
const moki = 'moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk';
const key = {
  algorithm: 'AES',
  data: Buffer.alloc(32, 1).toString('base64'),
  iv: Buffer.alloc(16, 2).toString('base64'),
};

describe('a key table', () => {
  it('has vectors', () => {
    expect(vectors).toHaveLength(1);
  });

  for (const { name, in: given, out } of vectors) {
    it(`${name}: goes into a key store, where broadcasts always have PLAIN`, async () => {
      const keyStore = new MemoryKeyStore();
      await saveKeyTable(parseKeyTable(given.table, context), keyStore, 1_586_000_000);
      const found: (JsonObject | null)[] = [];
      for (const [sender, receiver] of given.lookups) {
        const messageKey = await findMessageKey(keyStore, id(sender), id(receiver));
        found.push(messageKey === undefined ? null : exportKey(messageKey));
      }
      expect(found).toEqual(out.keys);
    });
  }

  it('comes out as it went in', async () => {
    const json = { [hulk]: { [moki]: key, [`${hulk}/phone`]: { ...key, more: 1 } }, [moki]: { [hulk]: key } };
    const entries = parseKeyTable(json, context);
    expect(formatKeyTable(entries)).toEqual(json);
    const keyStore = new MemoryKeyStore();
    await saveKeyTable(entries, keyStore, 1);
    expect(formatKeyTable(await loadKeyTable(keyStore, entries))).toEqual(json);
  });

  it('is filed by ID, whatever the terminal', async () => {
    const keyStore = new MemoryKeyStore();
    await saveKeyTable(parseKeyTable({ [`${hulk}/phone`]: { [moki]: key } }, context), keyStore, 1);
    const found = await findMessageKey(keyStore, id(hulk), id(`${moki}/tablet`));
    expect(found && exportKey(found)).toEqual(key);
    expect(await findMessageKey(keyStore, id(moki), id(hulk))).toBeUndefined();
  });

  it('never has a row for a broadcast', async () => {
    const json = { [hulk]: { 'everyone@everywhere': { algorithm: 'PLAIN' }, 'x@ANYWHERE': key } };
    expect(parseKeyTable(json, context)).toEqual([]);
    const [row] = parseKeyTable({ [hulk]: { [moki]: key } }, context);
    if (row === undefined) throw new Error('no row');
    const everyone = { ...row, receiver: id('everyone@everywhere') };
    expect(formatKeyTable([everyone])).toEqual({});
    const keyStore = new MemoryKeyStore();
    await saveKeyTable([everyone], keyStore, 1);
    expect(keyStore.loadKey(row.sender, everyone.receiver)).toBeUndefined();
    expect(await loadKeyTable(keyStore, [everyone, row])).toEqual([]);
  });

  it('gives no key for sending again', async () => {
    const keyStore = new MemoryKeyStore({ policy: { maxMessages: 100, maxAge: 100 } });
    await saveKeyTable(parseKeyTable({ [hulk]: { [moki]: key } }, context), keyStore, 1);
    const entry = keyStore.loadKey(id(hulk), id(moki));
    expect(entry && isReusable(entry, keyStore.policy, 1)).toBe(false);
  });

  it('names the place of what is wrong, and no key', () => {
    const secret = Buffer.from('a secret').toString('base64');
    const read = (json: unknown) => () => parseKeyTable(json, context);
    expect(read([])).toThrow('KeyTable: expected an object, got a list');
    expect(read({ nobody: {} })).toThrow('KeyTable["nobody"]: expected name@address');
    expect(read({ [hulk]: 7 })).toThrow('expected an object, got a number');
    expect(read({ [hulk]: { nobody: key } })).toThrow(`KeyTable["${hulk}"]["nobody"]`);
    expect(read({ [hulk]: { [moki]: { algorithm: 'PLAIN' } } })).toThrow(
      expect.objectContaining({ code: 'ERR_UNSUPPORTED' }),
    );
    const broken = read({ [hulk]: { [moki]: { algorithm: 'AES', data: secret } } });
    expect(broken).toThrow(expect.objectContaining({ code: 'ERR_KEY_FORMAT' }));
    expect(broken).not.toThrow(secret);
    const long = 'x'.repeat(100_000);
    for (const json of [{ [long]: {} }, { [hulk]: { [long]: key } }, { [hulk]: { '"]\n': key } }]) {
      expect(read(json)).toThrow(expect.objectContaining({ path: expect.stringMatching(/^.{1,1200}$/) }));
    }
  });
});
