import { type JsonObject, parsePrivateKey, type Verified } from '@dimp/crypto';
import { ecc } from '@dimp/crypto/ecc';
import { encodeUtf8 } from '@dimp/crypto/format';
import { createMetaCommand, createProfileCommand, type ReliableMessage } from '@dimp/dkd';
import { createID, formatMeta, type ID, type Meta, type Profile, parseMeta } from '@dimp/mkm';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Hearsay } from '../src/hearsay.js';
import { Facebook, MemoryArchive, Messenger, registerUser } from '../src/index.js';
import { codeOf, introduce, keyOf, now, type Person, person, protocol, textOf, Wire, write } from './kit.js';

// portable, so that its signature of the name is the same in every run
const emmaKey = parsePrivateKey(
  { algorithm: 'ECC', data: '6f2ea7fe49b27ca7eb12d91a2e087e182d4a7e71a511c58ebabac961f9693a1d' },
  { asymmetric: protocol.asymmetric.replace(ecc) },
);
/** The other key that her signature of `victim` fits. */
const twinKey = {
  algorithm: 'ECC',
  data:
    '0418d3d878a8c83c9330a832cad743171ce9bdfb74cf6ef40ecf9ec59fb7e46838' +
    '4f65f856a96527c968221aa0d962771aa9124f4584808eaa35032b58ff638974',
};

let archive: MemoryArchive;
let bob: Person;
let stranger: Person;
let emma: Person;
let meta: Meta;
let twin: Meta;

beforeEach(async () => {
  archive = new MemoryArchive();
  bob = await person('bob', { facebookOptions: { archive } });
  stranger = await person('stranger');
  await introduce(bob, stranger);
  emma = await newEmma();
  meta = await emma.user.meta();
  twin = parseMeta({ ...formatMeta(meta), key: twinKey }, protocol);
});

async function newEmma(): Promise<Person> {
  const facebook = new Facebook({ protocol, clock: () => now });
  const user = await registerUser(facebook, { name: 'victim', privateKey: emmaKey, bits: 1024 });
  const wire = new Wire();
  const messenger = new Messenger({ facebook, transport: wire });
  await facebook.saveMeta(await bob.user.meta(), bob.id);
  return { id: user.id, user, facebook, messenger, wire };
}

/** The stranger brings something of Emma to Bob; the answers. */
async function bring(what: Meta, profile?: Profile): Promise<readonly string[]> {
  const command = profile
    ? createProfileCommand(emma.id, profile as Verified<Profile>, what)
    : createMetaCommand(emma.id, what);
  const received = await bob.messenger.processMessage(await write(stranger, bob.id, command));
  if (received.kind !== 'accepted') throw new Error(received.kind);
  const answers: string[] = [];
  for (const reply of received.replies) {
    const outcome = await stranger.messenger.processMessage(reply);
    if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
    const { content } = outcome.message;
    answers.push(content.kind === 'receipt-command' ? content.message : (textOf(outcome) ?? content.kind));
  }
  return answers;
}

/** The key that counts for Emma, and the one that is kept for good. */
async function keys(): Promise<readonly (JsonObject | undefined)[]> {
  const known = await bob.facebook.loadMeta(emma.id);
  return [known?.key.json, archive.loadMeta(emma.id)?.key.json];
}

const received = (id: ID) => [`Meta received: ${id.text}`];

describe('the twin of a meta, with another key', () => {
  it('gives way to the true one when that has signed a message', async () => {
    expect(await bring(twin)).toEqual(received(emma.id));
    expect(await keys()).toEqual([twin.key.json, undefined]);
    const message = await write(emma, bob.id, 'it is me');
    expect(message.meta).toBeDefined();
    expect(textOf(await bob.messenger.processMessage(message))).toBe('it is me');
    expect(await keys()).toEqual([meta.key.json, meta.key.json]);
  });

  it('never takes the place of one that has', async () => {
    await bob.messenger.processMessage(await write(emma, bob.id, 'hello'));
    expect(await bring(twin)).toEqual([`Meta not match ID: ${emma.id.text}`]);
    expect(await bob.facebook.saveMeta(twin, emma.id)).toBe(false);
    expect(await bob.facebook.saveMeta(meta, emma.id)).toBe(true);
    expect(await keys()).toEqual([meta.key.json, meta.key.json]);
    expect(textOf(await bob.messenger.processMessage(await write(emma, bob.id, 'again')))).toBe('again');
  });

  it('gives way also when the true one was heard of after it, and nothing comes along', async () => {
    await bring(twin);
    await bring(meta);
    const message = await emma.messenger.sendContent(createMetaCommand(emma.id), bob.id, {
      attachMeta: false,
    });
    if (message.kind !== 'sent') throw new Error(message.kind);
    const [packed] = message.messages;
    expect((await bob.messenger.processMessage(packed as ReliableMessage)).kind).toBe('accepted');
    expect(await keys()).toEqual([meta.key.json, meta.key.json]);
  });

  it('gives way to the one that signed a profile', async () => {
    await bring(twin);
    expect(await bring(meta, await emma.user.profile())).toEqual([`Profile received: ${emma.id.text}`]);
    expect(await keys()).toEqual([meta.key.json, meta.key.json]);
  });

  it('is not proved by the fingerprint, sent as a message of its owner', async () => {
    const forged: ReliableMessage = {
      envelope: { sender: emma.id, receiver: bob.id, time: now },
      data: encodeUtf8(emma.id.name),
      signature: meta.fingerprint as Uint8Array,
      meta: formatMeta(twin),
      extra: {},
    };
    expect(codeOf(await bob.messenger.processMessage(forged))).toBe('ERR_SIGNATURE');
    expect(await keys()).toEqual([undefined, undefined]);
    await bring(twin);
    expect(codeOf(await bob.messenger.processMessage(forged))).toBe('ERR_SIGNATURE');
    expect(await keys()).toEqual([twin.key.json, undefined]);
  });

  it('is not proved by a message of somebody else', async () => {
    await bring(twin);
    const message = await write(stranger, bob.id, 'I am Emma');
    const envelope = { ...message.envelope, sender: emma.id };
    expect(codeOf(await bob.messenger.processMessage({ ...message, envelope }))).toBe('ERR_SIGNATURE');
    expect(await keys()).toEqual([twin.key.json, undefined]);
  });

  it('gives way to the one that the application trusts', async () => {
    await bring(twin);
    expect(await bob.facebook.saveMeta(meta, emma.id)).toBe(true);
    expect(await keys()).toEqual([meta.key.json, meta.key.json]);
  });
});

describe('a meta that somebody brings', () => {
  it('is kept at once when its key is an RSA key, which has no twin', async () => {
    const anna = await person('anna');
    await bob.messenger.processMessage(
      await write(stranger, bob.id, createMetaCommand(anna.id, await anna.user.meta())),
    );
    expect(archive.loadMeta(anna.id)).toBeDefined();
  });
});

describe('Hearsay', () => {
  it('holds a thousand IDs and four metas of each, and tells whom it forgets', async () => {
    const forgotten: string[] = [];
    const hearsay = new Hearsay(({ name }) => forgotten.push(name));
    const named = (index: number): ID => createID({ name: `user-${index}`, address: emma.id.address });
    for (let index = 0; index < 1001; index++) hearsay.add(named(index), meta as Verified<Meta>);
    expect(forgotten).toEqual(['user-0']);
    expect([hearsay.has(named(0)), hearsay.has(named(1))]).toEqual([false, true]);
    hearsay.add(named(1), meta as Verified<Meta>);
    expect(hearsay.list(named(1))).toEqual([meta]);
    for (const name of ['a', 'b', 'c', 'd']) {
      const { publicKey: key } = await keyOf(name);
      hearsay.add(named(1), { ...meta, key } as Verified<Meta>);
    }
    expect(hearsay.list(named(1))).toHaveLength(4);
    expect(forgotten).toEqual(['user-0']);
  });
});
