import { beforeAll, describe, expect, it } from '@jest/globals';
import { Session } from '../../src/agent/session.js';
import { Peer } from './kit.js';

const hulk = 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj';
const moki = 'moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk';

const peer = new Peer({ session: new Session() });
// biome-ignore lint/suspicious/noExplicitAny: the export of a user, which accounts.test.ts looks into
let account: any;

beforeAll(async () => {
  await peer.ask('install_immortals');
  account = await peer.ask('export_user', { ID: hulk });
});

describe('IDs', () => {
  it('are taken apart', async () => {
    expect(await peer.ask('parse_id', { ID: `${hulk}/phone` })).toEqual({
      string: `${hulk}/phone`,
      name: 'hulk',
      address: '4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj',
      terminal: 'phone',
      type: 8,
      number: 1951839394,
      valid: true,
      is_broadcast: false,
      is_user: true,
      is_group: false,
    });
  });

  it('that are none are refused', async () => {
    expect(await peer.refuse('parse_id', { ID: 'hulk@nowhere' })).toBe('ERR_PARSE');
  });

  it('are compared without terminals', async () => {
    expect(await peer.ask('same_id', { a: hulk, b: `${hulk}/phone` })).toBe(true);
    expect(await peer.ask('same_id', { a: hulk, b: moki })).toBe(false);
  });

  it('come of metas, and addresses of fingerprints', async () => {
    const { meta, private_key: privateKey } = account;
    expect(await peer.ask('id_from_meta', { meta, network: 8 })).toBe(hulk);
    expect(await peer.ask('address_from_fingerprint', { fingerprint: meta.fingerprint })).toEqual({
      address: '4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj',
      network: 8,
      number: 1951839394,
    });
    const { network } = await peer.ask('address_from_fingerprint', { fingerprint: 'AAAA', network: 16 });
    expect(network).toBe(16);
    const made = await peer.ask('generate_meta', { private_key: privateKey, seed: 'hulk' });
    expect(made.fingerprint).toBe(meta.fingerprint);
  });
});

describe('metas', () => {
  it('are verified, and kept only when they are good', async () => {
    const { meta } = account;
    const other = new Peer({ session: new Session() });
    expect(await peer.ask('verify_meta', { ID: hulk, meta })).toBe(true);
    expect(await peer.ask('verify_meta', { ID: moki, meta })).toBe(false);
    expect(await other.ask('import_meta', { ID: moki, meta })).toBe(false);
    expect(await other.ask('import_meta', { ID: hulk, meta: {} })).toBe(false);
    expect(await other.ask('get_meta', { ID: hulk })).toBeNull();
    expect(await other.ask('import_meta', { ID: hulk, meta })).toBe(true);
    expect(await other.ask('get_meta', { ID: hulk })).toEqual(meta);
  });
});

describe('profiles', () => {
  it('are signed by their owner', async () => {
    const profile = await peer.ask('sign_profile', { ID: hulk, properties: { name: 'H' } });
    expect(JSON.parse(profile.data)).toEqual({ name: 'H' });
    expect(await peer.ask('verify_profile', { profile })).toBe(true);
    expect(await peer.ask('verify_profile', { profile, ID: moki })).toBe(false);
    expect(await peer.ask('verify_profile', { profile: { ...profile, data: '{}' } })).toBe(false);
    expect(await peer.ask('verify_profile', { profile: 5 })).toBe(false);
  });

  it('are kept only when they are good', async () => {
    const profile = await peer.ask('sign_profile', { ID: hulk, properties: { name: 'H' } });
    const other = new Peer({ session: new Session() });
    expect(await other.ask('import_profile', { profile })).toBe(false);
    await other.ask('import_meta', { ID: hulk, meta: account.meta });
    expect(await other.ask('import_profile', { profile, ID: moki })).toBe(false);
    expect(await other.ask('import_profile', { profile })).toBe(true);
    expect(await other.ask('get_profile', { ID: hulk })).toEqual(profile);
  });

  it('of a group are signed by its owner, or by who is named', async () => {
    const { ID } = await peer.ask('generate_group', { founder: hulk, name: 'g', members: [hulk, moki] });
    for (const args of [{}, { signer: moki }]) {
      const profile = await peer.ask('sign_profile', { ID, properties: { name: 'G' }, ...args });
      expect(await peer.ask('verify_profile', { profile })).toBe(true);
    }
    await peer.ask('set_members', { group: ID, members: [hulk] });
    const late = await peer.ask('sign_profile', { ID, properties: { name: 'G' }, signer: moki });
    expect(await peer.ask('verify_profile', { profile: late })).toBe(false);
  });

  it('need a signer who is here', async () => {
    const ID = 'anna@4FteCgYB8ANEQVYVvVxcRC9kxmEJg72jTH';
    expect(await peer.refuse('sign_profile', { ID, properties: {} })).toBe('ERR_NOT_FOUND');
    const group = 'Group-1586000000@7d25nYMPRRt1rYJ3X4u1pAfhF6h6irSASv';
    expect(await peer.refuse('sign_profile', { ID: group, properties: {} })).toBe('ERR_NOT_FOUND');
  });
});

describe('keys', () => {
  const key = { algorithm: 'AES', data: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=' };

  it('sign and verify', async () => {
    const { private_key: privateKey, meta } = account;
    const signature = await peer.ask('rsa_sign', { private_key: privateKey, data: 'AAEC' });
    expect(await peer.ask('rsa_verify', { public_key: meta.key, data: 'AAEC', signature })).toBe(true);
    expect(await peer.ask('rsa_verify', { public_key: meta.key, data: 'AAED', signature })).toBe(false);
  });

  it('encrypt and decrypt', async () => {
    const { private_key: privateKey, meta } = account;
    const data = await peer.ask('rsa_encrypt', { public_key: meta.key, data: 'AAEC' });
    expect(await peer.ask('rsa_decrypt', { private_key: privateKey, data })).toBe('AAEC');
    expect(await peer.refuse('rsa_decrypt', { private_key: privateKey, data: 'AAEC' })).toBe('ERR_DECRYPT');
    const long = 'A'.repeat(160);
    expect(await peer.refuse('rsa_encrypt', { public_key: meta.key, data: long })).toBe('ERR_USAGE');
    const ciphertext = await peer.ask('aes_encrypt', { key, data: 'AAEC' });
    expect(await peer.ask('aes_decrypt', { key, data: ciphertext })).toBe('AAEC');
    expect(await peer.refuse('aes_decrypt', { key, data: 'AAEC' })).toBe('ERR_DECRYPT');
  });

  it('match or do not', async () => {
    const other = await peer.ask('export_user', { ID: moki });
    const { private_key: privateKey, meta } = account;
    expect(await peer.ask('key_match', { public_key: meta.key, private_key: privateKey })).toBe(true);
    expect(await peer.ask('key_match', { public_key: other.meta.key, private_key: privateKey })).toBe(false);
  });

  it('that are none are refused', async () => {
    expect(await peer.refuse('rsa_sign', { private_key: { algorithm: 'ECC' }, data: '' })).toBe(
      'ERR_UNSUPPORTED',
    );
    expect(await peer.refuse('rsa_sign', { private_key: { algorithm: 'RSA' }, data: '' })).toBe(
      'ERR_KEY_FORMAT',
    );
  });
});
