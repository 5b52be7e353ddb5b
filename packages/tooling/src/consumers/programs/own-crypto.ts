import { formatPackage } from '@dimp/core';
import { createRegistry } from '@dimp/crypto';
import { symmetricConformance } from '@dimp/crypto/conformance';
import { defaultSymmetric } from '@dimp/crypto/defaults';
import { createInstantMessage, createText } from '@dimp/dkd';
import { defaultProtocol, Facebook, Messenger, registerUser } from '@dimp/sdk';
// biome-ignore lint/correctness/noUndeclaredDependencies: it is there where this runs, see install.mjs
import { chacha } from 'dimp-chacha';

const protocol = {
  ...defaultProtocol(),
  symmetric: createRegistry('symmetric algorithm', [chacha, ...defaultSymmetric]),
};

/** Writes with a cipher that comes from somebody else, which also passes the suite for such ciphers. */
export async function run(): Promise<unknown> {
  const [home, office] = [new Facebook({ protocol }), new Facebook({ protocol })];
  const alice = await registerUser(home, { name: 'alice', algorithm: 'ECC' });
  const bob = await registerUser(office, { name: 'bob' });
  await home.saveMeta(await bob.meta(), bob.id);
  const envelope = { sender: alice.id, receiver: bob.id, time: home.clock() };
  const sender = new Messenger({ facebook: home });
  const packed = await sender.pack(createInstantMessage(envelope, createText('Hello Bob')));
  const received = await new Messenger({ facebook: office }).processPackage(formatPackage(packed.message));
  if (received.kind !== 'accepted') throw new Error(`expected a message, got ${received.kind}`);
  const { labels, message } = received;
  const heard = {
    signature: labels.signature.algorithm,
    encryption: labels.encryption?.algorithm,
    bound: labels.bound,
    text: message.content.kind === 'text' ? message.content.text : message.content.kind,
  };
  return { heard, failed: await failures() };
}

/** What fails in the suite for ciphers. */
async function failures(): Promise<readonly string[]> {
  const tests: { readonly title: string; readonly body: () => unknown }[] = [];
  const runner = {
    describe: (_: string, body: () => void) => body(),
    it: (title: string, body: () => unknown) => void tests.push({ title, body }),
  };
  symmetricConformance(runner, { algorithm: chacha });
  const failed: string[] = tests.length === 0 ? ['there are no tests'] : [];
  for (const { title, body } of tests) {
    try {
      await body();
    } catch (error) {
      failed.push(`${title}: ${String(error)}`);
    }
  }
  return failed;
}
