import {
  type JsonObject,
  type JsonValue,
  parsePrivateKey,
  parsePublicKey,
  unsafeMarkVerified,
} from '@dimp/crypto';
import { decodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { describe, expect, it } from '@jest/globals';
import {
  createBtcAddress,
  createGroup,
  createID,
  createMetaID,
  equalID,
  formatMeta,
  formatProfile,
  generateMeta,
  groupProfileKeys,
  isBroadcastID,
  isGroupID,
  isGroupNetwork,
  isUserID,
  isUserNetwork,
  isValidMeta,
  matchMetaKey,
  parseAddress,
  parseID,
  parseMeta,
  parseProfile,
  profileAvatar,
  profileKey,
  profileName,
  verifyMeta,
  verifyProfile,
} from '../src/index.js';
import { account, codeOf, context, id, meta, parseCodes, source, vectors } from './kit.js';

describe('the published test users', () => {
  it.each(['hulk', 'moki'])('%s: the meta gives the ID', async name => {
    const { ID, meta: json } = account(name);
    const parsed = parseMeta(json, context);
    expect(createMetaID(parsed, 0x08, context).text).toBe(ID);
    expect(await verifyMeta(parsed, id(name), context)).toBe(parsed);
  });
});

describe('addresses.json', () => {
  it.each(
    vectors<{ fingerprint: string; network: number }, { address: string; network: number; number: number }>(
      'addresses',
      'address-build',
    ),
  )('$name', ({ in: { fingerprint, network }, out }) => {
    const address = createBtcAddress(decodeBase64(fingerprint), network);
    expect(address).toEqual({
      kind: 'btc',
      text: out.address,
      network: out.network,
      number: out.number,
    });
    expect(parseAddress(out.address, context)).toEqual(address);
  });

  it.each(
    vectors<
      { address: string },
      { address: string; network: number; number: number; is_user: boolean; is_group: boolean }
    >('addresses', 'address-parse'),
  )('$name', ({ in: { address: text }, out }) => {
    if (out.refused) {
      expect(codeOf(() => parseAddress(text, context))).toBe('ERR_PARSE');
      return;
    }
    const address = parseAddress(text, context);
    expect(address).toMatchObject({ text: out.address, network: out.network, number: out.number });
    expect(isUserNetwork(address.network)).toBe(out.is_user);
    expect(isGroupNetwork(address.network)).toBe(out.is_group);
  });
});

describe('ids.json', () => {
  it.each(vectors<{ ID: string }, object>('ids', 'id-parse'))('$name', ({ in: { ID }, out }) => {
    if (out.refused) {
      expect(codeOf(() => parseID(ID, context))).toBe('ERR_PARSE');
      return;
    }
    const parsed = parseID(ID, context);
    expect({
      string: parsed.text,
      name: parsed.name,
      address: parsed.address.text,
      terminal: parsed.terminal,
      type: parsed.address.network,
      number: parsed.address.number,
      valid: true,
      is_broadcast: isBroadcastID(parsed),
      is_user: isUserID(parsed),
      is_group: isGroupID(parsed),
    }).toEqual(out);
  });

  it.each(vectors<{ a: string; b: string }, { equal: boolean }>('ids', 'id-equal'))(
    '$name',
    ({ in: { a, b }, out }) => {
      expect(equalID(id(a), id(b))).toBe(out.equal);
    },
  );

  it.each(
    vectors<{ name: string | null; address: string; terminal: string | null }, { ID: string }>(
      'ids',
      'id-build',
    ),
  )('$name', ({ in: { name, address, terminal }, out }) => {
    const built = createID({
      name: name ?? undefined,
      address: parseAddress(address, context),
      terminal: terminal ?? undefined,
    });
    expect(built.text).toBe(out.ID);
    expect(built).toEqual(parseID(built.text, context));
  });
});

describe('metas.json', () => {
  it.each(
    vectors<{ meta: JsonObject; ID: string }, { valid: boolean; match: boolean }>('metas', 'meta-check'),
  )('$name', async ({ in: { meta: json, ID }, out }) => {
    if (out.refused) {
      expect(parseCodes).toContain(codeOf(() => parseMeta(json, context)));
      return;
    }
    const parsed = parseMeta(json, context);
    expect(await isValidMeta(parsed, context)).toBe(out.valid);
    expect((await verifyMeta(parsed, id(ID), context)) !== undefined).toBe(out.match);
    expect(formatMeta(parsed)).toEqual(json);
  });

  it.each(
    vectors<{ user: string; seed: string }, { meta: JsonObject; ids: Record<string, string> }>(
      'metas',
      'meta-generate',
    ),
  )('$name', async ({ in: { user, seed }, out }) => {
    const key = parsePrivateKey(account(user).private_key, context);
    const made = await generateMeta(key, seed, context);
    expect(formatMeta(made)).toEqual(out.meta);
    for (const [network, text] of Object.entries(out.ids)) {
      expect(createMetaID(made, Number(network), context).text).toBe(text);
    }
  });

  it.each(
    vectors<{ meta: JsonObject; public_key: JsonObject }, { match: boolean }>('metas', 'meta-match-key'),
  )('$name', async ({ in: { meta: json, public_key }, out }) => {
    const key = parsePublicKey(public_key, context);
    expect(await matchMetaKey(parseMeta(json, context), key, context)).toBe(out.match);
  });
});

describe('profiles.json', () => {
  it.each(
    vectors<{ user: string; properties: [string, JsonValue][] }, { profile: JsonObject }>(
      'profiles',
      'profile-sign',
    ),
  )('$name', async ({ in: { user, properties }, out }) => {
    const json = out.profile;
    const parsed = parseProfile(json, context);
    expect(parsed.properties).toEqual(Object.fromEntries(properties));
    const key = parsePrivateKey(account(user).private_key, context);
    expect(await key.sign(encodeUtf8(json['data'] as string))).toEqual(parsed.signature);
    expect(formatProfile(parsed)).toEqual(json);
  });

  it.each(vectors<{ profile: JsonObject; user: string }, { valid: boolean }>('profiles', 'profile-verify'))(
    '$name',
    async ({ in: { profile, user }, out }) => {
      const parsed = parseProfile(profile, context);
      // the vectors ask whether the key fits; whose profile it should be is asked by verifyProfile too
      expect((await verifyProfile(parsed, parsed.id, [meta(user).key])) !== undefined).toBe(out.valid);
      expect(formatProfile(parsed)).toEqual(profile);
    },
  );

  it('a changed ID is told by the ID that was expected', async () => {
    const changed = vectors<{ profile: JsonObject; user: string }, { valid: boolean }>(
      'profiles',
      'profile-verify',
    ).find(({ name }) => name === 'ID changed');
    const parsed = parseProfile(changed?.in.profile, context);
    expect(await verifyProfile(parsed, id('hulk'), [meta('hulk').key])).toBeUndefined();
  });

  it.each(
    vectors<{ profile: JsonObject }, { name: string | null; avatar: string | null; key: JsonObject | null }>(
      'profiles',
      'profile-read',
    ),
  )('$name', ({ in: { profile }, out }) => {
    const parsed = unsafeMarkVerified(parseProfile(profile, context));
    expect(profileName(parsed) ?? null).toBe(out.name);
    expect(profileAvatar(parsed) ?? null).toBe(out.avatar);
    expect(profileKey(parsed, context)?.json ?? null).toEqual(out.key);
  });

  it.each(
    vectors<
      { profile: JsonObject; group: string; members: string[] | null; known_metas: string[] },
      { valid: boolean }
    >('profiles', 'group-profile-verify'),
  )('$name', async ({ in: given, out }) => {
    const members = given.members;
    const known = given.known_metas.map(name => id(name).key);
    const all = source();
    const data = source({
      loadMeta: of => (known.includes(of.key) ? all.loadMeta(of) : undefined),
      loadMembers: () => members?.map(text => id(text)),
    });
    const group = createGroup(id(given.group), data, context);
    const parsed = parseProfile(given.profile, context);
    const keys = await groupProfileKeys(group, data);
    expect((await verifyProfile(parsed, group.id, keys)) !== undefined).toBe(out.valid);
  });
});
