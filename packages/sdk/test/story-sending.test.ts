import { formatPackage } from '@dimp/core';
import { createMetaCommand, createText, type ReliableMessage } from '@dimp/dkd';
import { NetworkType } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import {
  createHandshake,
  Facebook,
  Messenger,
  registerGroup,
  type Transport,
  TransportError,
} from '../src/index.js';
import {
  codeOf,
  crowd,
  deferred,
  introduce,
  next,
  type Person,
  person,
  sentMessage,
  textOf,
  write,
} from './kit.js';

/** Alice, Bob and others whose IDs are made with one key, in a group of this many. */
async function groupOf(
  size: number,
  transport?: Transport,
): Promise<{ alice: Person; bob: Person; group: Awaited<ReturnType<typeof registerGroup>> }> {
  const alice = await person('alice', transport === undefined ? {} : { transport });
  const bob = await person('bob');
  await introduce(alice, bob);
  const others = await crowd(Math.max(0, size - 2), [alice.facebook]);
  const group = await registerGroup(alice.facebook, {
    name: `group-of-${size}`,
    members: size > 1 ? [bob.id, ...others] : [],
  });
  return { alice, bob, group };
}

describe('a message to a group', () => {
  it.each([1, 10, 100])('of %i is encrypted for each, and tells how far it is', async size => {
    const { alice, bob, group } = await groupOf(size);
    const steps: [number, number][] = [];
    const sent = await alice.messenger.sendContent(createText('hello', { group: group.id }), group.id, {
      onProgress: (done, total) => steps.push([done, total]),
    });
    expect(sent).toMatchObject({ kind: 'sent', missing: [] });
    const [message, ...more] = alice.wire.sent;
    expect(more).toEqual([]);
    expect(message?.encryptedKeys?.size).toBe(size);
    expect(steps.at(-1)).toEqual([size, size]);
    expect(steps.map(([done]) => done)).toEqual(steps.map(([done]) => done).toSorted((a, b) => a - b));
    if (size === 1 || message === undefined) return;
    await bob.facebook.saveMeta(await group.meta(), group.id);
    await bob.facebook.saveMembers(group.id, (await group.members()) ?? []);
    expect(textOf(await bob.messenger.processMessage(message))).toBe('hello');
  });

  it('is split at home when that is asked for', async () => {
    const { alice, bob, group } = await groupOf(10);
    const content = createText('hello', { group: group.id });
    const sent = await alice.messenger.sendContent(content, group.id, { split: true });
    if (sent.kind !== 'sent') throw new Error(sent.kind);
    expect(sent.messages).toHaveLength(9);
    expect(alice.wire.sent).toHaveLength(9);
    for (const { encryptedKey, encryptedKeys, envelope } of sent.messages) {
      expect(encryptedKey).toBeDefined();
      expect(encryptedKeys).toBeUndefined();
      expect(envelope.group?.text).toBe(group.id.text);
    }
    const [forBob] = sent.messages;
    expect(forBob?.envelope.receiver.text).toBe(bob.id.text);
    expect(forBob && textOf(await bob.messenger.processMessage(forBob))).toBe('hello');
  });

  it('splits nothing for a user, a broadcast, or a group of oneself', async () => {
    const { alice, bob, group } = await groupOf(1);
    const everyone = alice.facebook.parseID('everyone@everywhere');
    for (const receiver of [bob.id, everyone]) {
      const sent = await alice.messenger.sendContent(createText('hello'), receiver, { split: true });
      expect(sent).toMatchObject({ kind: 'sent', messages: [{ envelope: { receiver } }] });
    }
    const alone = await alice.messenger.sendContent(createText('hello'), group.id, { split: true });
    expect(alone).toMatchObject({ kind: 'sent', messages: [] });
  });

  it('is broken off on request, with the reason thrown and nothing sent', async () => {
    const { alice, group } = await groupOf(100);
    const controller = new AbortController();
    const reason = new Error('the window was closed');
    const content = createText('hello', { group: group.id });
    const sending = alice.messenger.sendContent(content, group.id, {
      signal: controller.signal,
      onProgress: done => {
        if (done > 32) controller.abort(reason);
      },
    });
    await expect(sending).rejects.toBe(reason);
    expect(alice.wire.sent).toEqual([]);
  });
});

describe('a message to one user', () => {
  it('is not sent when it was broken off before', async () => {
    const { alice, bob } = await groupOf(2);
    const reason = new Error('never mind');
    const sending = alice.messenger.sendContent(createText('hello'), bob.id, {
      signal: AbortSignal.abort(reason),
    });
    await expect(sending).rejects.toBe(reason);
    expect(alice.wire.sent).toEqual([]);
  });

  it('is broken off while the transport has it', async () => {
    const started = deferred();
    const { alice, bob } = await groupOf(2, {
      subscribe: () => () => undefined,
      send: (_data, options) =>
        new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => reject(new Error('connection reset')));
          started.resolve();
        }),
    });
    const controller = new AbortController();
    const sending = alice.messenger.sendContent(createText('hello'), bob.id, { signal: controller.signal });
    await started.promise;
    const reason = new Error('too slow');
    controller.abort(reason);
    await expect(sending).rejects.toBe(reason);
  });
});

describe('the meta of the sender', () => {
  it('comes along with a broadcast only when that is wanted, as for a first handshake', async () => {
    const { alice } = await groupOf(2);
    const station = alice.facebook.parseID('station@anywhere');
    const [plain, introduced] = [
      await alice.messenger.sendContent(createHandshake('start'), station),
      await alice.messenger.sendContent(createHandshake('start'), station, { attachMeta: true }),
    ].map(sentMessage);
    expect(plain?.meta).toBeUndefined();
    const relay = await person('relay', { network: NetworkType.station });
    const received = await relay.messenger.processMessage(introduced as ReliableMessage);
    expect(received).toMatchObject({ kind: 'accepted', message: { content: { kind: 'handshake-command' } } });
    expect(await relay.facebook.loadMeta(alice.id)).toBeDefined();
  });

  it('stays at home when that is wanted', async () => {
    const { alice, bob } = await groupOf(2);
    const sent = await alice.messenger.sendContent(createText('hello'), bob.id, { attachMeta: false });
    expect(sentMessage(sent).meta).toBeUndefined();
    expect(sentMessage(await alice.messenger.sendContent(createText('hello'), bob.id)).meta).toBeDefined();
  });
});

describe('a transport that fails', () => {
  const broken = (error: unknown): Transport => ({
    subscribe: () => () => undefined,
    send() {
      throw error;
    },
  });

  it('makes sending fail with its error, and the message comes back', async () => {
    const error = new TransportError('no connection');
    const { alice, bob } = await groupOf(2, broken(error));
    const sent = await alice.messenger.sendContent(createText('hello'), bob.id);
    expect(sent).toMatchObject({ kind: 'failed', message: { content: { text: 'hello' } } });
    expect(sent.kind === 'failed' && sent.error).toBe(error);
  });

  it('is a TransportError whatever it throws', async () => {
    const cause = new RangeError('odd');
    const { alice, bob } = await groupOf(2, broken(cause));
    const sent = await alice.messenger.sendContent(createText('hello'), bob.id);
    expect(codeOf(sent)).toBe('ERR_TRANSPORT');
    expect(sent.kind === 'failed' && sent.error.cause).toBe(cause);
    const packed = await write(bob, alice.id, 'hello');
    await expect(alice.messenger.forwardMessage(packed)).rejects.toMatchObject({ code: 'ERR_TRANSPORT' });
  });

  it('does not lose an answer silently', async () => {
    const { alice, bob } = await groupOf(2);
    let deliver: (data: Uint8Array) => void = () => undefined;
    const messenger = new Messenger({
      facebook: alice.facebook,
      transport: {
        ...broken(new TransportError('no connection')),
        subscribe(listener) {
          deliver = listener;
          return () => undefined;
        },
      },
    });
    const told = next({ messenger }, 'rejected');
    deliver(formatPackage(await write(bob, alice.id, createMetaCommand(alice.id))));
    expect(await told).toMatchObject({
      direction: 'out',
      error: { code: 'ERR_TRANSPORT' },
      message: { envelope: { receiver: { text: bob.id.text } } },
    });
  });
});

describe('a messenger that cannot send', () => {
  it('says so: without transport, without local user, or as somebody else', async () => {
    const { alice, bob } = await groupOf(2);
    const silent = new Messenger({ facebook: alice.facebook });
    await expect(silent.sendContent(createText('hello'), bob.id)).rejects.toMatchObject({
      code: 'ERR_USAGE',
    });
    const nobody = new Messenger({ facebook: new Facebook(), transport: alice.wire });
    await expect(nobody.sendContent(createText('hello'), bob.id)).rejects.toMatchObject({
      code: 'ERR_USAGE',
    });
    const sent = await alice.messenger.sendContent(createText('hello'), bob.id, { sender: bob.id });
    expect(sent).toMatchObject({ kind: 'failed', error: { code: 'ERR_NOT_FOUND', what: 'private key' } });
  });
});
