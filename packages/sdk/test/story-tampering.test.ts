import { exportKey, formatJson, type JsonObject } from '@dimp/crypto';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { createText, formatContent, type ReliableMessage, signMessage, splitMessage } from '@dimp/dkd';
import { formatMeta, type User } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { registerGroup } from '../src/index.js';
import {
  codeOf,
  introduce,
  keyOf,
  next,
  now,
  type Person,
  person,
  protocol,
  record,
  tell,
  textOf,
  write,
} from './kit.js';

async function three(): Promise<readonly [Person, Person, Person]> {
  const people = [await person('alice'), await person('bob'), await person('carol')] as const;
  await introduce(...people);
  return people;
}

/** What a message key object looks like when it has been encrypted for somebody. */
async function sealed(key: JsonObject, user: User | undefined): Promise<string> {
  if (user === undefined) throw new Error('no such user');
  return encodeBase64(await user.encrypt(encodeUtf8(formatJson(key, 'key'))));
}

describe('a message that was read by its receiver', () => {
  it('is refused when he passes it on under the name of who wrote it', async () => {
    const [alice, bob, carol] = await three();
    const message = await write(alice, bob.id, 'you are my only friend');
    // Bob opens it, wraps the message key for Carol and changes the address
    const transceiver = bob.messenger.transceiver;
    const { message: verified } = await transceiver.verify(message);
    const { key } = await transceiver.decrypt(verified, bob.id);
    const forCarol: ReliableMessage = {
      ...message,
      envelope: { ...message.envelope, receiver: carol.id },
      encryptedKey: await sealed(exportKey(key), await bob.facebook.user(carol.id)),
    };
    const heard = record(carol, 'message');
    expect(codeOf(await carol.messenger.processMessage(forCarol))).toBe('ERR_BINDING');
    expect(heard).toEqual([]);
  });

  it('is refused when it is dated anew, and is a duplicate once it was read', async () => {
    const [alice, bob] = await three();
    const message = await write(alice, bob.id, 'hello');
    const later = { ...message, envelope: { ...message.envelope, time: now + 1 } };
    expect(codeOf(await bob.messenger.processMessage(later))).toBe('ERR_BINDING');
    expect(textOf(await bob.messenger.processMessage(message))).toBe('hello');
    expect((await bob.messenger.processMessage(later)).kind).toBe('duplicate');
  });

  it('is told to be loose when it is not bound', async () => {
    const alice = await person('alice', { bind: false });
    const bob = await person('bob');
    await introduce(alice, bob);
    const message = await write(alice, bob.id, 'from an old program');
    const later = { ...message, envelope: { ...message.envelope, time: now + 1 } };
    expect(await bob.messenger.processMessage(later)).toMatchObject({
      kind: 'accepted',
      labels: { bound: false },
    });
  });

  it('is never delivered twice', async () => {
    const [alice, bob] = await three();
    const heard = record(bob, 'message');
    const duplicates = record(bob, 'duplicate');
    const message = await write(alice, bob.id, 'once');
    expect((await bob.messenger.processMessage(message)).kind).toBe('accepted');
    for (let again = 0; again < 3; again++) {
      expect(await bob.messenger.processMessage(message)).toEqual({ kind: 'duplicate', message });
    }
    expect(heard).toHaveLength(1);
    expect(duplicates).toHaveLength(3);
  });

  it('is delivered again to who asked for no memory', async () => {
    const alice = await person('alice');
    const bob = await person('bob', { replay: false });
    await introduce(alice, bob);
    const message = await write(alice, bob.id, 'twice');
    const heard = record(bob, 'message');
    await bob.messenger.processMessage(message);
    await bob.messenger.processMessage(message);
    expect(heard).toHaveLength(2);
  });
});

describe('the twin of an ECDSA signature', () => {
  it('makes no second message: whether it is refused or verified', async () => {
    const [, bob] = await three();
    const emma = await person('emma', { algorithm: 'ECC', profileKey: true });
    await introduce(emma, bob);
    const message = await write(emma, bob.id, 'signed once');
    expect(textOf(await bob.messenger.processMessage(message))).toBe('signed once');
    const twin = { ...message, signature: twinOf(message.signature) };
    expect(twin.signature).not.toEqual(message.signature);
    expect((await bob.messenger.transceiver.verify(twin)).signature.algorithm).toBe('ECC');
    expect((await bob.messenger.processMessage(twin)).kind).toBe('duplicate');
  });
});

describe('parts of one message that was split', () => {
  it('are no duplicates of each other when two local users get them', async () => {
    const alice = await person('alice');
    const bob = await person('bob');
    const second = await person('bob-at-work', { facebook: bob.facebook });
    await introduce(alice, bob);
    await tell(alice, second);
    const group = await registerGroup(alice.facebook, { name: 'both', members: [bob.id, second.id] });
    const whole = await write(alice, group.id, 'to both of you', { group: group.id });
    const parts = splitMessage(whole, [bob.id, second.id], protocol);
    const heard = record(bob, 'message');
    for (const part of parts) expect((await bob.messenger.processMessage(part)).kind).toBe('accepted');
    for (const part of parts) expect((await bob.messenger.processMessage(part)).kind).toBe('duplicate');
    expect(heard.map(({ receiver }) => receiver.name)).toEqual(['bob', 'bob-at-work']);
  });
});

describe('a message whose envelope lies', () => {
  it('about its group is refused', async () => {
    const [alice, bob, carol] = await three();
    const ours = await registerGroup(alice.facebook, { name: 'ours', members: [bob.id] });
    const theirs = await registerGroup(alice.facebook, { name: 'theirs', members: [bob.id, carol.id] });
    const message = await write(alice, bob.id, 'a secret of ours', { group: ours.id });
    const moved = { ...message, envelope: { ...message.envelope, group: theirs.id } };
    expect(codeOf(await bob.messenger.processMessage(moved))).toBe('ERR_GROUP');
    expect(textOf(await bob.messenger.processMessage(message))).toBe('a secret of ours');
  });

  it('about its sender is refused', async () => {
    const [alice, bob, carol] = await three();
    const { meta: _, ...message } = await write(alice, bob.id, 'hello');
    const stolen = { ...message, envelope: { ...message.envelope, sender: carol.id } };
    expect(codeOf(await bob.messenger.processMessage(stolen))).toBe('ERR_SIGNATURE');
  });

  it('by a meta of somebody else is refused', async () => {
    const [alice, bob, carol] = await three();
    const message = await write(alice, bob.id, 'hello');
    const withMeta = { ...message, meta: formatMeta(await carol.user.meta()) };
    expect(codeOf(await bob.messenger.processMessage(withMeta))).toBe('ERR_META');
  });
});

describe('a message whose key is PLAIN', () => {
  it('is refused: clear text must not pass for an encrypted one', async () => {
    const [alice, bob] = await three();
    const good = await write(alice, bob.id, 'hello');
    const content = formatContent(createText('in the clear'), protocol);
    const { signature: _, ...unsigned } = good;
    const forged = await signMessage(
      {
        ...unsigned,
        data: encodeUtf8(formatJson(content, 'content')),
        encryptedKey: await sealed({ algorithm: 'PLAIN' }, await alice.facebook.user(bob.id)),
      },
      await keyOf('alice'),
    );
    expect(codeOf(await bob.messenger.processMessage(forged))).toBe('ERR_DECRYPT');
  });
});

describe('a message that came to the wrong place', () => {
  it('is given back, for a station to deliver onward', async () => {
    const [alice, bob, carol] = await three();
    const message = await write(alice, carol.id, 'for Carol');
    const outcome = await bob.messenger.processMessage(message);
    expect(outcome).toEqual({ kind: 'not-for-us', message, receiver: carol.id });
  });

  it('is not for a local user to whom it is offered', async () => {
    const [alice, bob] = await three();
    const second = await person('bob-at-work', { facebook: bob.facebook });
    const message = await write(alice, bob.id, 'for Bob');
    const offered = await bob.messenger.processMessage(message, { as: second.id });
    expect(offered.kind).toBe('not-for-us');
    expect(textOf(await bob.messenger.processMessage(message, { as: bob.id }))).toBe('for Bob');
  });
});

describe('what is refused', () => {
  it('is told with the message, once', async () => {
    const [alice, bob] = await three();
    const message = await write(alice, bob.id, 'hello');
    const told = next(bob, 'rejected');
    const all = record(bob, 'rejected');
    const altered = { ...message, signature: message.signature.slice(1) };
    await bob.messenger.processMessage(altered);
    expect(await told).toMatchObject({ direction: 'in', error: { code: 'ERR_SIGNATURE' }, message: altered });
    expect(all).toHaveLength(1);
  });
});

/** The order of the group of secp256k1. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The other signature that fits: s in place of n - s. Both numbers are DER integers. */
function twinOf(der: Uint8Array): Uint8Array {
  const rLength = der[3] as number;
  const r = der.subarray(4, 4 + rLength);
  const s = der.subarray(6 + rLength);
  let number = 0n;
  for (const byte of s) number = (number << 8n) | BigInt(byte);
  const hex = (order - number).toString(16).padStart(64, '0');
  const bytes = [...(hex.match(/../g) ?? [])].map(pair => Number.parseInt(pair, 16));
  while (bytes[0] === 0 && (bytes[1] as number) < 0x80) bytes.shift();
  if ((bytes[0] as number) >= 0x80) bytes.unshift(0);
  const body = [0x02, rLength, ...r, 0x02, bytes.length, ...bytes];
  return Uint8Array.from([0x30, body.length, ...body]);
}
