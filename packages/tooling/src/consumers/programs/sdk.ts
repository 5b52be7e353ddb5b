import { formatPackage } from '@dimp/core';
import { encodeUtf8 } from '@dimp/crypto/format';
import { createInstantMessage, createText } from '@dimp/dkd';
import { Facebook, Messenger, registerUser } from '@dimp/sdk';
import { installTestUsers } from '@dimp/sdk/test-users';
import type { Input } from './input.js';

/** Two people register, one packs and the other unpacks; and a published package is opened. */
export async function run({ message }: Input): Promise<unknown> {
  const [home, office] = [new Facebook(), new Facebook()];
  const alice = await registerUser(home, { name: 'alice', algorithm: 'ECC' });
  const bob = await registerUser(office, { name: 'bob' });
  await home.saveMeta(await bob.meta(), bob.id);
  const envelope = { sender: alice.id, receiver: bob.id, time: home.clock() };
  const sender = new Messenger({ facebook: home });
  const packed = await sender.pack(createInstantMessage(envelope, createText('Hello Bob')));
  const heard = await read(office, formatPackage(packed.message));

  const testers = new Facebook();
  await installTestUsers(testers);
  const { text } = await read(testers, encodeUtf8(message.package));
  return { heard, published: text };
}

async function read(facebook: Facebook, bytes: Uint8Array) {
  const received = await new Messenger({ facebook }).processPackage(bytes);
  if (received.kind !== 'accepted') throw new Error(`expected a message, got ${received.kind}`);
  const { labels, message } = received;
  const { content } = message;
  return {
    signature: labels.signature.algorithm,
    encryption: labels.encryption?.algorithm,
    bound: labels.bound,
    text: content.kind === 'text' ? content.text : content.kind,
  };
}
