import { createText, type TextContent } from '@dimp/dkd';
import type { User } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { type AcceptedContent, Facebook, MemoryRelay, Messenger, registerUser } from '../src/index.js';

/** Somebody with a phone: an identity and a messenger on the relay. */
async function person(name: string, relay: MemoryRelay): Promise<{ user: User; messenger: Messenger }> {
  const facebook = new Facebook();
  const user = await registerUser(facebook, { name, bits: 1024 });
  const messenger = new Messenger({ facebook, transport: relay.connect(user.id) });
  return { user, messenger };
}

/** The next message that a messenger tells of. */
function next(messenger: Messenger): Promise<AcceptedContent> {
  return new Promise(resolve => {
    const stop = messenger.on('message', event => {
      stop();
      resolve(event);
    });
  });
}

describe('two users who only know each other by ID', () => {
  it('talk as soon as one has the meta of the other', async () => {
    const relay = new MemoryRelay();
    const alice = await person('alice', relay);
    const bob = await person('bob', relay);
    await alice.messenger.facebook.saveMeta(await bob.user.meta(), bob.user.id);

    const heard = next(bob.messenger);
    const sent = await alice.messenger.sendContent(createText('Hello Bob'), bob.user.id);
    expect(sent).toMatchObject({ kind: 'sent', missing: [] });

    const { content, sender, labels } = await heard;
    expect((content as TextContent).text).toBe('Hello Bob');
    expect(sender.text).toBe(alice.user.id.text);
    expect(labels).toMatchObject({
      bound: true,
      signature: { algorithm: 'RSA', bits: 1024 },
      encryption: { algorithm: 'AES', bits: 256, wrap: { algorithm: 'RSA', bits: 1024 }, reused: false },
      generation: 1,
    });

    // the meta came along, so Bob can answer at once
    const answer = next(alice.messenger);
    await bob.messenger.sendContent(createText('Hello Alice'), sender);
    expect(((await answer).content as TextContent).text).toBe('Hello Alice');
  });
});
