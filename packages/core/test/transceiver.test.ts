import { exportKey, type JsonObject, parsePrivateKey } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import {
  createText,
  encryptMessage,
  formatReliableMessage,
  parseReliableMessage,
  type ReliableMessage,
  signMessage,
} from '@dimp/dkd';
import {
  createMetaID,
  createProfile,
  formatMeta,
  generateMeta,
  parseMeta,
  signProfile,
  verifyMeta,
} from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import {
  account,
  codeOf,
  flip,
  freeze,
  id,
  instant,
  machine,
  meta,
  open,
  privateKey,
  protocol,
  publicKey,
  send,
  time,
  travel,
} from './kit.js';

const hulk = machine('hulk');
const personal = await send(hulk, instant('hulk', 'moki'));

const victimKey = parsePrivateKey(
  { algorithm: 'ECC', data: '6f2ea7fe49b27ca7eb12d91a2e087e182d4a7e71a511c58ebabac961f9693a1d' },
  protocol,
);
/** The other key that this key's ECDSA signature of `victim` fits; nobody has its private half. */
const twinKey = {
  algorithm: 'ECC',
  data:
    '0418d3d878a8c83c9330a832cad743171ce9bdfb74cf6ef40ecf9ec59fb7e46838' +
    '4f65f856a96527c968221aa0d962771aa9124f4584808eaa35032b58ff638974',
};

describe('verify', () => {
  const moki = machine('moki');

  it('refuses every flipped bit of the signature and of the data', async () => {
    const taken: string[] = [];
    for (const name of ['signature', 'data'] as const) {
      for (let bit = 0; bit < personal[name].length * 8; bit++) {
        const changed = { ...personal, [name]: flip(personal[name], bit) };
        const code = await codeOf(moki.transceiver.verify(changed));
        if (code !== 'ERR_SIGNATURE') taken.push(`${name} ${bit}: ${code}`);
      }
    }
    expect(taken).toEqual([]);
  });

  it('takes a signature by the key in the profile too', async () => {
    const [profileKey] = machine('bob').source.loadDecryptKeys(id('bob'));
    const { message } = await machine('bob').transceiver.encrypt(instant('bob', 'moki'));
    const signed = travel(await signMessage(message, profileKey as never));
    expect((await moki.transceiver.verify(signed)).signature).toEqual({ algorithm: 'RSA', bits: 1024 });
  });

  it('waits for a meta that is not here, and refuses senders that cannot be', async () => {
    const nobody = machine('moki', { knows: ['moki'] });
    expect(await codeOf(nobody.transceiver.verify(personal))).toBe('ERR_NOT_FOUND');
    const as = (sender: string): Promise<string | undefined> =>
      codeOf(
        moki.transceiver.verify({ ...personal, envelope: { ...personal.envelope, sender: id(sender) } }),
      );
    expect(await as('anyone@anywhere')).toBe('ERR_NOT_FOUND');
    expect(await as('group')).toBe('ERR_UNSUPPORTED');
    expect(await as('anna')).toBe('ERR_SIGNATURE');
  });
});

describe('a meta that comes along', () => {
  const attach = (json: JsonObject): ReliableMessage => ({ ...personal, meta: json });

  it('is kept when it is the sender’s', async () => {
    const moki = machine('moki', { knows: ['moki'] });
    const opened = await open(moki, attach(account('hulk').meta), 'moki');
    expect(opened.message.content).toMatchObject({ text: 'Hey' });
    expect(moki.source.metas.get(id('hulk').key)).toMatchObject({ seed: 'hulk' });
    expect((await open(moki, personal, 'moki')).protection.bound).toBe(true);
  });

  it('is not kept when its key did not sign the message: two ECC metas can have one fingerprint', async () => {
    const made = await generateMeta(victimKey, 'victim', protocol);
    const victim = createMetaID(made, 8, protocol);
    const twin = { ...formatMeta(made), key: twinKey };
    expect(await verifyMeta(parseMeta(twin, protocol), victim, protocol)).toBeDefined();
    const moki = machine('moki', { knows: ['moki'] });
    const message = { ...personal, envelope: { ...personal.envelope, sender: victim } };
    expect(await codeOf(moki.transceiver.verify({ ...message, meta: twin }))).toBe('ERR_SIGNATURE');
    expect(moki.source.metas.has(victim.key)).toBe(false);
    // the fingerprint itself is a signature that the twin's key fits
    const copied = {
      ...message,
      meta: twin,
      data: encodeUtf8('victim'),
      signature: made.fingerprint as Uint8Array,
    };
    expect(await parseMeta(twin, protocol).key.verify(copied.data, copied.signature)).toBe(true);
    expect(await codeOf(moki.transceiver.verify(copied))).toBe('ERR_SIGNATURE');
    expect(moki.source.metas.has(victim.key)).toBe(false);
    const signed = await signMessage({ ...message, meta: formatMeta(made) }, victimKey);
    expect((await moki.transceiver.verify(signed)).signature).toEqual({ algorithm: 'ECC', bits: 256 });
    expect(moki.source.metas.get(victim.key)?.key.json).toEqual(made.key.json);
  });

  it('does not replace the one that is here', async () => {
    const moki = machine('moki');
    const before = moki.source.metas.get(id('hulk').key);
    await open(moki, attach({ ...account('hulk').meta, 'x-new': 1 }), 'moki');
    expect(moki.source.metas.get(id('hulk').key)).toBe(before);
  });

  it.each([
    ['somebody else’s', account('anna').meta, 'ERR_META'],
    ['the group’s of the same founder', account('group').meta, 'ERR_META'],
    ['one with another fingerprint', { ...account('hulk').meta, fingerprint: 'AAAA' }, 'ERR_META'],
    ['one with another seed', { ...account('hulk').meta, seed: 'Hulk' }, 'ERR_META'],
    [
      'one with another key',
      { ...account('hulk').meta, key: account('anna').meta['key'] as JsonObject },
      'ERR_META',
    ],
    ['one of another version', { ...account('hulk').meta, version: 2 }, 'ERR_UNSUPPORTED'],
    ['none', {}, 'ERR_PARSE'],
  ])('is refused when it is %s, known sender or not', async (_, json, code) => {
    for (const knows of [['moki'], ['moki', 'hulk']]) {
      const moki = machine('moki', { knows });
      const before = moki.source.metas.get(id('hulk').key);
      expect(await codeOf(open(moki, attach(json), 'moki'))).toBe(code);
      expect(moki.source.metas.get(id('hulk').key)).toBe(before);
    }
  });

  it('in another PEM coat is the same', async () => {
    const key = account('hulk').meta['key'] as { readonly data: string };
    const body = key.data.replace(/-----[A-Z ]+-----|\s/g, '');
    const wrapped = `-----BEGIN RSA PUBLIC KEY-----\r\n${body.replace(/(.{40})/g, '$1\r\n')}\r\n-----END RSA PUBLIC KEY-----\r\n`;
    const coat = {
      ...account('hulk').meta,
      key: { ...key, algorithm: 'RSA/ECB/PKCS1Padding', data: wrapped },
    };
    const moki = machine('moki', { knows: ['moki'] });
    expect((await open(moki, attach(coat), 'moki')).protection.bound).toBe(true);
    const kept = moki.source.metas.get(id('hulk').key);
    expect(kept?.key.material).toEqual(meta('hulk').key.material);
    expect(kept && formatMeta(kept)).toEqual(coat);
  });
});

describe('the receiver’s keys', () => {
  it('encrypts for the profile key, while the meta key still decrypts', async () => {
    const bob = machine('bob');
    const [byProfile, byMeta] = bob.source.loadDecryptKeys(id('bob'));
    const toProfile = await send(hulk, instant('hulk', 'bob'));
    bob.source.decryptKeys.set(id('bob').key, [byMeta as never]);
    expect(await codeOf(open(bob, toProfile, 'bob'))).toBe('ERR_DECRYPT');
    bob.source.decryptKeys.set(id('bob').key, [byProfile as never, byMeta as never]);
    expect((await open(bob, toProfile, 'bob')).message.content).toMatchObject({ text: 'Hey' });
    // a peer who has not seen the profile
    const old = machine('hulk');
    old.source.profiles.delete(id('bob').key);
    const toMeta = await send(old, instant('hulk', 'bob'));
    expect((await open(bob, toMeta, 'bob')).message.content).toMatchObject({ text: 'Hey' });
  });

  it('encrypts for the meta key when the profile names nonsense', async () => {
    const sender = machine('hulk');
    const profile = await signProfile(
      createProfile(id('moki'), { key: { algorithm: '?' } }),
      privateKey('moki'),
    );
    sender.source.profiles.set(id('moki').key, profile);
    expect(
      (await open(machine('moki'), await send(sender, instant('hulk', 'moki')), 'moki')).key,
    ).toBeDefined();
  });

  it('says nothing to somebody without private keys', async () => {
    expect(await codeOf(open(machine('nobody'), personal, 'moki'))).toBe('ERR_DECRYPT');
    expect(await codeOf(machine('nobody').transceiver.sign(personal))).toBe('ERR_NOT_FOUND');
  });

  it('does not send where nothing can be encrypted', async () => {
    const code = (to: string, knows?: readonly string[]): Promise<string | undefined> =>
      codeOf(machine('hulk', knows && { knows }).transceiver.encrypt(instant('hulk', to)));
    expect(await code('moki', ['hulk'])).toBe('ERR_NOT_FOUND');
    expect(await code('group', ['hulk'])).toBe('ERR_NOT_FOUND');
    expect(await code('tnn3o5m8G6iwxGB6z4BQWmZsK1CwF715cy')).toBe('ERR_UNSUPPORTED');
    const bare = machine('hulk', { transceiver: {} });
    Object.assign(bare.barrack, { protocol: { ...protocol, symmetric: [] } });
    expect(await codeOf(bare.transceiver.encrypt(instant('hulk', 'moki')))).toBe('ERR_UNSUPPORTED');
  });
});

describe('the group', () => {
  const group = id('group');

  it('of the envelope must be that of the content', async () => {
    const other = 'other@7ivVWvNrjtppMiZQF4siCj5kpWMHhVnLBS';
    const free = machine('hulk', { transceiver: { bind: false } });
    const message = await send(free, instant('hulk', 'moki', createText('x', { group })));
    const json = formatReliableMessage(message);
    const changed = parseReliableMessage({ ...json, group: other }, protocol);
    expect(await codeOf(open(machine('moki'), changed, 'moki'))).toBe('ERR_GROUP');
    const terminal = parseReliableMessage({ ...json, group: `${group.text}/x` }, protocol);
    expect(await codeOf(open(machine('moki'), terminal, 'moki'))).toBeUndefined();
  });

  it.each(['everyone@everywhere', 'x@Anywhere'])(
    'is not %s in a message that is encrypted: an answer to that group would go out in the clear',
    async name => {
      const key = await protocol.symmetric.get('AES').generateKey();
      const text = new TextEncoder().encode(JSON.stringify(exportKey(key)));
      const encryptedKey = (await publicKey('moki').encryption?.encrypt(text)) as Uint8Array;
      const contentText = JSON.stringify({ type: 1, sn: 1, text: 'Hey', group: name });
      const options = { key, recipients: [{ id: id('moki'), encryptedKey }], contentText };
      const secure = await encryptMessage(instant('hulk', 'moki'), protocol, options);
      const message = travel(await signMessage(secure, privateKey('hulk')));
      expect(await codeOf(open(machine('moki'), message, 'moki'))).toBe('ERR_GROUP');
    },
  );

  it('is sent to with the keys that are known; who is missing is told', async () => {
    const sender = machine('hulk', { knows: ['hulk', 'moki', 'anna', 'group'] });
    const { message, missing } = await sender.transceiver.encrypt(instant('hulk', 'group'));
    expect(missing.map(({ name }) => name)).toEqual(['bob.smith']);
    expect([...(message.encryptedKeys?.keys() ?? [])]).toEqual(
      ['hulk', 'moki', 'anna'].map(name => id(name).text),
    );
  });

  it('is not sent to when nobody could read it, or nobody is known', async () => {
    expect(
      await codeOf(machine('hulk', { knows: ['group'] }).transceiver.encrypt(instant('hulk', 'group'))),
    ).toBe('ERR_NOT_FOUND');
    for (const members of [[], undefined]) {
      const sender = machine('hulk');
      if (members === undefined) sender.source.members.clear();
      else sender.source.members.set(group.key, members);
      expect(await codeOf(sender.transceiver.encrypt(instant('hulk', 'group')))).toBe('ERR_NOT_FOUND');
    }
  });

  it('is sent to although one member signed a key that nobody can read', async () => {
    const sender = machine('hulk');
    const key = { algorithm: 'RSA', data: 'nonsense' };
    const profile = await signProfile(createProfile(id('moki'), { key }), privateKey('moki'));
    sender.source.profiles.set(id('moki').key, profile);
    const message = await send(sender, instant('hulk', 'group'));
    expect((await open(machine('moki'), message, 'moki')).message.content).toMatchObject({ text: 'Hey' });
  });

  it('may have a device that is broken, which is heard of', async () => {
    const sender = machine('hulk');
    sender.source.loadMeta = of => {
      if (of.key === id('anna').key) throw new Error('disk full');
      return meta(of.name === 'bob.smith' ? 'bob' : of.key === group.key ? 'group' : of.name);
    };
    await expect(sender.transceiver.encrypt(instant('hulk', 'group'))).rejects.toThrow('disk full');
  });
});

describe('what is given', () => {
  it('is not changed: everything is frozen, bytes are compared', async () => {
    const message = freeze(personal);
    const before = [message.data, message.signature].map(bytes => bytes.slice());
    const opened = await open(machine('moki'), message, 'moki');
    expect([message.data, message.signature]).toEqual(before);
    expect(opened.message).toEqual({
      envelope: { sender: id('hulk'), receiver: id('moki'), time, type: 1 },
      content: opened.message.content,
      extra: {},
    });
    expect(Object.keys(exportKey(opened.key))).toHaveLength(3);
  });

  it('keeps members that nobody knows, in message and content', async () => {
    const given = instant('hulk', 'moki', { ...createText('x'), extra: { 'x-new': [null] } });
    const { message } = await hulk.transceiver.encrypt({ ...given, extra: { 'x-route': 1 } });
    const opened = await open(machine('moki'), travel(await hulk.transceiver.sign(message)), 'moki');
    expect(opened.message.content.extra).toEqual({ 'x-new': [null] });
    expect(opened.message.extra).toEqual({ 'x-route': 1 });
  });

  it('may have been encrypted by hand, PLAIN included, and still needs its key', async () => {
    const { plainKey } = await import('@dimp/crypto/plain');
    const secure = await encryptMessage(instant('hulk', 'moki'), protocol, {
      key: plainKey,
      recipients: [{ id: id('moki'), encryptedKey: new Uint8Array(128) }],
    });
    const { encryptedKey: _, ...keyless } = await signMessage(secure, privateKey('hulk'));
    expect(await codeOf(open(machine('moki'), keyless, 'moki'))).toBe('ERR_NOT_FOUND');
  });
});
