import type { JsonObject } from '@dimp/crypto';
import { decodeUtf8, encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { formatContent, parseContent } from '@dimp/dkd';
import { describe, expect, it } from '@jest/globals';
import {
  createStorage,
  openStorage,
  rotateProfileKey,
  type StorageCommand,
  sealStorage,
} from '../../src/index.js';
import { introduce, person, protocol } from '../kit.js';

const [alice, bob] = [await person('alice'), await person('bob')];
await introduce(alice, bob);

function read(members: JsonObject): StorageCommand {
  return parseContent({ type: 136, sn: 7, ...members }, protocol) as StorageCommand;
}

describe('what a user keeps at a station', () => {
  it('is sealed for himself and opened by himself, after a change of keys too', async () => {
    const plaintext = encodeUtf8('[1, 2, 3]');
    const sealed = await sealStorage('contacts', plaintext, alice.user, protocol);
    const json = formatContent(sealed, protocol);
    expect(json).toMatchObject({ command: 'contacts', ID: alice.id.text });
    expect(JSON.stringify(json)).not.toContain(encodeBase64(plaintext));
    await rotateProfileKey(alice.facebook, alice.id, { bits: 1024 });
    const back = parseContent(json, protocol) as StorageCommand;
    const opened = await openStorage(back, alice.user, protocol);
    expect(decodeUtf8(opened.plaintext)).toBe('[1, 2, 3]');
    expect(opened.key.algorithm).toBe('AES');
  });

  it('is opened by nobody else', async () => {
    const sealed = await sealStorage('notes', encodeUtf8('mine'), alice.user, protocol);
    await expect(openStorage(sealed, bob.user, protocol)).rejects.toMatchObject({ code: 'ERR_DECRYPT' });
  });

  it('is not opened once it was altered, or under a key of no known algorithm', async () => {
    const sealed = await sealStorage('notes', encodeUtf8('mine'), alice.user, protocol);
    const altered = { ...sealed, data: sealed.data?.slice(1) ?? new Uint8Array() };
    await expect(openStorage(altered, alice.user, protocol)).rejects.toMatchObject({ code: 'ERR_DECRYPT' });
    const plain = await alice.user.encrypt(encodeUtf8('{"algorithm":"PLAIN"}'));
    await expect(openStorage({ ...sealed, key: plain }, alice.user, protocol)).rejects.toMatchObject({
      code: 'ERR_DECRYPT',
    });
  });

  it('has to be there', async () => {
    const data = Uint8Array.of(1);
    for (const command of [createStorage('notes'), createStorage('private_key', { data })]) {
      await expect(openStorage(command, alice.user, protocol)).rejects.toMatchObject({ code: 'ERR_USAGE' });
    }
  });
});

describe('the storage command', () => {
  it.each([
    ['contacts', { command: 'contacts' }],
    ['private_key', { command: 'storage', title: 'private_key' }],
    ['notes', { command: 'storage', title: 'notes' }],
  ])('is written for %s', (title, members) => {
    const command = createStorage(title, { id: alice.id, data: Uint8Array.of(1, 2) }, { serialNumber: 7 });
    const json = { type: 136, sn: 7, ...members, data: 'AQI=', ID: alice.id.text };
    expect(formatContent(command, protocol)).toEqual(json);
    expect(parseContent(json, protocol)).toEqual(command);
  });

  it('is read in other spellings and written again as it was', () => {
    const json = { type: 136, sn: 7, command: 'private_key', did: alice.id.text };
    const command = read({ command: 'private_key', did: alice.id.text });
    expect(command).toMatchObject({ kind: 'storage-command', title: 'private_key', id: alice.id });
    expect(formatContent(command, protocol)).toEqual({
      type: 136,
      sn: 7,
      command: 'private_key',
      ID: json.did,
    });
    expect(read({ command: 'storage' }).title).toBe('');
  });

  it('needs a title to be made', () => {
    expect(() => createStorage('')).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
  });
});
