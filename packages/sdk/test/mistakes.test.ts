import { exportKey, type PrivateKey } from '@dimp/crypto';
import { ecc } from '@dimp/crypto/ecc';
import { rsa } from '@dimp/crypto/rsa';
import { rsa as webRsa } from '@dimp/crypto-web';
import { createText } from '@dimp/dkd';
import { describe, expect, it } from '@jest/globals';
import * as bare from '../src/bare.js';
import { Facebook, MemoryArchive, Messenger, registerUser, TransportError } from '../src/index.js';
import { introduce, keyOf, person, protocol, record, sentMessage, write } from './kit.js';

/** What callers without a compiler hand over. */
const wrong = <T>(value: unknown): T => value as T;

describe('a mistake of a caller without a compiler', () => {
  it.each([
    [
      'a Facebook',
      () => new Messenger(wrong(new Facebook())),
      /options: .* got a Facebook; .*new Messenger\(\{/,
    ],
    ['a text', () => new Messenger(wrong('alice')), /options: .* got a string/],
    ['null', () => new Messenger(wrong(null)), /options: .* got null/],
    ['no Facebook', () => new Messenger({ facebook: wrong({}) }), /options\.facebook: .* got another object/],
    [
      'no transport',
      () => new Messenger({ transport: wrong(() => 0) }),
      /options\.transport: .* got a function/,
    ],
    ['nothing', () => new bare.BareMessenger(wrong({})), /options\.facebook: .* got nothing/],
    ['an archive', () => new Facebook(wrong(new MemoryArchive())), /options: .* got a MemoryArchive/],
    ['a list', () => new Facebook(wrong([])), /options: .* got a list/],
    ['lists', () => new Facebook({ protocol: wrong([]) }), /options\.protocol: .* got a list/],
    ['no protocol', () => new bare.BareFacebook(wrong({})), /options\.protocol: .* got nothing/],
  ])('is told when %s is handed over for options', (_, action, message) => {
    expect(action).toThrow(TypeError);
    expect(action).toThrow(message);
  });

  it('is told when content or receiver is something else', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    await introduce(alice, bob);
    const { messenger } = alice;
    const hello = createText('hello');
    const calls: [() => Promise<unknown>, RegExp][] = [
      [
        () => messenger.sendContent(hello, wrong('bob')),
        /receiver: expected an ID, got a string; facebook\.parseID/,
      ],
      [
        () => messenger.sendContent(hello, wrong(bob.user)),
        /receiver: expected an ID, got a User; .* user\.id/,
      ],
      [() => messenger.sendContent(hello, wrong(undefined)), /receiver: expected an ID, got nothing/],
      [
        () => messenger.sendContent(wrong('hello'), bob.id),
        /content: expected a content, got a string; createText/,
      ],
      [
        () => messenger.sendContent(hello, bob.id, { sender: wrong('me') }),
        /sender: expected an ID, got a string/,
      ],
      [() => messenger.packContent(wrong(undefined), bob.id), /content: .* got nothing/],
      [() => messenger.processPackage(wrong(undefined)), /data: expected a package, .* got nothing/],
      [() => messenger.processPackage(wrong({ data: 1 })), /data: expected a package, .* got another object/],
      [
        () => registerUser(alice.facebook, { name: 'a', bits: wrong('2048') }),
        /bits: expected a number, got a string/,
      ],
    ];
    for (const [call, message] of calls) {
      const error: unknown = await call().catch(reason => reason);
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(message);
    }
    expect(alice.wire.sent).toEqual([]);
  });

  it('is not seen in bytes of other kinds', async () => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    await introduce(alice, bob);
    const packed = await alice.messenger.packContent(createText('hello'), bob.id);
    expect((await bob.messenger.processPackage(Buffer.from(packed))).kind).toBe('accepted');
  });
});

describe('a messenger that was closed', () => {
  it('sends nothing any more, on no path', async () => {
    const [alice, bob] = [await person('alice', { profile: { name: 'Alice' } }), await person('bob')];
    await introduce(alice, bob);
    const { messenger } = alice;
    const message = await write(alice, bob.id, 'before');
    const sent = alice.wire.sent.splice(0);
    await messenger.close();
    const envelope = message.envelope;
    const calls = [
      () => messenger.sendContent(createText('after'), bob.id),
      () => messenger.sendMessage({ envelope, content: createText('after'), extra: {} }),
      () => messenger.sendProfile(bob.id),
      () => messenger.forwardMessage(message),
      () => messenger.resume(),
    ];
    for (const call of calls) {
      const error: unknown = await call().catch(reason => reason);
      expect(error).toMatchObject({ code: 'ERR_USAGE', message: expect.stringMatching('was closed') });
    }
    expect(alice.wire.sent).toEqual([]);
    expect(sent).toHaveLength(1);
    await messenger.close();
  });

  it('sends nothing for its processors either', async () => {
    const bob = await person('bob');
    let sendLate = async (): Promise<unknown> => undefined;
    const alice = await person('alice', {
      processors: [
        components => {
          sendLate = () => components.send(createText('late'), bob.id, alice.id);
          return {
            kinds: ['*'],
            async process(_content, { sender, receiver }, { send }) {
              await send(createText('echo'), sender, receiver);
              return { answers: [] };
            },
          };
        },
      ],
    });
    await introduce(alice, bob);
    await alice.messenger.close();
    const rejected = record(alice, 'rejected');
    expect(await sendLate()).toMatchObject({ kind: 'failed', error: { code: 'ERR_USAGE' } });
    await alice.messenger.processMessage(await write(bob, alice.id, 'hello'));
    expect(rejected.map(({ error }) => error.code)).toEqual(['ERR_USAGE', 'ERR_USAGE']);
    expect(alice.wire.sent).toEqual([]);
  });
});

describe('JSON.stringify', () => {
  const kinds: [string, () => Promise<PrivateKey>][] = [
    ['RSA', () => keyOf('shown')],
    ['ECC', () => keyOf('shown', 'ECC')],
    ['portable RSA', () => rsa.generatePrivateKey({ bits: 1024 })],
    ['portable ECC', () => ecc.generatePrivateKey()],
    ['RSA for browsers', () => webRsa.generatePrivateKey({ bits: 1024 })],
  ];

  it.each(kinds)('of a key of %s shows what goes over the wire, and no secret', async (_, make) => {
    const key = await make();
    expect(JSON.parse(JSON.stringify(key.publicKey))).toEqual(key.publicKey.json);
    const secret = exportKey(key)['data'] as string;
    expect(JSON.stringify({ key, also: { ...key } })).not.toContain(secret.slice(40, 60));
  });

  it('of an error shows no more than it says', () => {
    const error = new TransportError('busy', { code: 'ERR_BUSY', retryAfter: 5 });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'TransportError',
      code: 'ERR_BUSY',
      isFinal: false,
      retryAfter: 5,
    });
  });
});

describe('Facebook and Messenger of the bare import', () => {
  it('work with a protocol that is handed in, together with everything of the root', async () => {
    const facebook = new bare.BareFacebook({ protocol });
    const user = await registerUser(facebook, {
      name: 'zoe',
      privateKey: await keyOf('zoe'),
      profileKey: false,
    });
    const messenger = new bare.BareMessenger({ facebook });
    const packed = await messenger.packContent(createText('to myself'), user.id);
    expect((await messenger.processPackage(packed)).kind).toBe('accepted');
    expect(new Facebook()).toBeInstanceOf(bare.BareFacebook);
    expect(new Messenger({ facebook }).facebook).toBe(facebook);
  });

  it('is what the ones of the root are', async () => {
    const bob = await person('bob');
    expect(bob.messenger).toBeInstanceOf(bare.BareMessenger);
    expect(sentMessage(await bob.messenger.sendContent(createText('to myself'), bob.id)).meta).toBeDefined();
  });
});
