import { formatPackage } from '@dimp/core';
import { exportKey, formatJson } from '@dimp/crypto';
import { decodeBase64, encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { createInstantMessage, createText, type ReliableMessage, signMessage } from '@dimp/dkd';
import { formatMeta, generateMeta } from '@dimp/mkm';
import { defaultProtocol, type Received } from '@dimp/sdk';
import type { Printer } from '../print.js';
import type { Facts } from '../step.js';
import { keyOptions, type Person, personOf, type World } from '../world.js';

/** Something that was tried. */
export interface Attempt {
  readonly attack: string;
  /** Who was to be deceived. */
  readonly victim: string;
  /** `rejected` or `duplicate` when it failed. */
  readonly outcome: Received['kind'];
  /** Of the error. */
  readonly code?: string;
  readonly text?: string;
  readonly expected: string;
}

export interface AttacksFacts extends Facts {
  readonly attempts: readonly Attempt[];
  /** What became of the very same message when nobody had touched it. */
  readonly unaltered: Received['kind'];
}

/** What a relay, a receiver and a stranger can try with a message from alice to bob. */
export async function runAttacks(world: World): Promise<AttacksFacts> {
  const alice = personOf(world, 'alice');
  const bob = personOf(world, 'bob');
  const carol = personOf(world, 'carol');
  const message = await writeToBob(alice, bob);
  const { envelope } = message;
  // before bob has the message: afterwards it would only be a repeat
  const altered = [
    await attempt(bob, 'one bit of the ciphertext flipped', 'ERR_SIGNATURE', {
      ...message,
      data: flipBit(message.data),
    }),
    await attempt(bob, 'one bit of the encrypted key flipped', 'ERR_DECRYPT', {
      ...message,
      encryptedKey: encodeBase64(flipBit(decodeBase64(message.encryptedKey ?? ''))),
    }),
    await attempt(bob, 'held back, and dated a day later', 'ERR_BINDING', {
      ...message,
      envelope: { ...envelope, time: (envelope.time ?? 0) + 86_400 },
    }),
  ];
  const unaltered = await bob.messenger.processPackage(formatPackage(message));
  const attempts = [
    ...altered,
    await attempt(bob, 'sent once more', 'duplicate', message),
    await attempt(
      carol,
      'passed on to carol by bob, under the signature of alice',
      'ERR_BINDING',
      await rewrapFor(carol, bob, message),
    ),
    await attempt(
      bob,
      'written by somebody else named alice, with his own meta',
      'ERR_META',
      await impersonate(message, world),
    ),
  ];
  const ok = unaltered.kind === 'accepted' && attempts.every(isRefused);
  return { ok, attempts, unaltered: unaltered.kind };
}

async function writeToBob(alice: Person, bob: Person): Promise<ReliableMessage> {
  const envelope = { sender: alice.id, receiver: bob.id, time: alice.facebook.clock() };
  const instant = createInstantMessage(envelope, createText('I owe you the map.'));
  return (await alice.messenger.pack(instant)).message;
}

async function attempt(
  victim: Person,
  attack: string,
  expected: string,
  altered: ReliableMessage,
): Promise<Attempt> {
  const received = await victim.messenger.processPackage(formatPackage(altered));
  return {
    attack,
    victim: victim.name,
    outcome: received.kind,
    ...(received.kind === 'rejected' && { code: received.error.code, text: received.error.message }),
    expected,
  };
}

/** The receiver of a message opens its key and encrypts it for somebody else; data and signature stay. */
async function rewrapFor(
  victim: Person,
  receiver: Person,
  message: ReliableMessage,
): Promise<ReliableMessage> {
  const { transceiver } = receiver.messenger;
  const { message: verified } = await transceiver.verify(message);
  const { key } = await transceiver.decrypt(verified, receiver.id);
  const keyText = encodeUtf8(formatJson(exportKey(key), 'MessageKey'));
  const encryptedKey = encodeBase64(await victim.user.encrypt(keyText));
  return { ...message, envelope: { ...message.envelope, receiver: victim.id }, encryptedKey };
}

/** Anybody can make a meta with the name alice; what he cannot make is one that gives her address. */
async function impersonate(message: ReliableMessage, world: World): Promise<ReliableMessage> {
  const protocol = defaultProtocol();
  const key = await protocol.asymmetric.get('RSA').generatePrivateKey(keyOptions(world, 'the forger'));
  world.progress.clear();
  const meta = await generateMeta(key, message.envelope.sender.name, protocol);
  return signMessage({ ...message, meta: formatMeta(meta) }, key);
}

function flipBit(data: Uint8Array): Uint8Array {
  const flipped = data.slice();
  const middle = flipped.length >> 1;
  flipped[middle] = (flipped[middle] ?? 0) ^ 1;
  return flipped;
}

function isRefused({ outcome, code, expected }: Attempt): boolean {
  return outcome === 'duplicate' ? expected === 'duplicate' : outcome === 'rejected' && code === expected;
}

export function printAttacks({ attempts, unaltered }: AttacksFacts, printer: Printer): void {
  for (const attempt of attempts) {
    printer.check(isRefused(attempt), `${attempt.attack}: ${attempt.code ?? attempt.outcome}`);
    printer.note(attempt.text ?? 'Seen before; it is not shown to anybody again.');
  }
  printer.check(unaltered === 'accepted', `the same message as alice wrote it: ${unaltered}`);
}
