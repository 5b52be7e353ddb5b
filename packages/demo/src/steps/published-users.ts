import { readFile } from 'node:fs/promises';
import { type Protection, parsePackage } from '@dimp/core';
import { JsonReader, parseJsonObject } from '@dimp/crypto';
import type { TextContent } from '@dimp/dkd';
import { formatSearchNumber } from '@dimp/mkm';
import { describeProtection, type Printer } from '../print.js';
import type { Facts } from '../step.js';
import { joinTestUser, learn, type Person, type World } from '../world.js';

/** One of the users that the protocol publishes. */
export interface PublishedUser {
  readonly id: string;
  readonly searchNumber: string;
  readonly key: { readonly algorithm: string; readonly bits: number };
  readonly metaFitsID: boolean;
}

export interface PublishedUsersFacts extends Facts {
  readonly users: readonly PublishedUser[];
  readonly message: {
    readonly origin: string;
    readonly sender: string;
    readonly receiver: string;
    readonly time: number;
    readonly signatureFits: boolean;
    readonly received: string;
    readonly text: string;
    readonly expectedText: string;
    readonly labels?: Protection;
  };
}

/** Checks hulk and moki, and opens as moki what the reference implementation wrote as hulk. */
export async function runPublishedUsers(world: World): Promise<PublishedUsersFacts> {
  const hulk = await joinTestUser(world, 'hulk');
  const moki = await joinTestUser(world, 'moki');
  await learn(moki, hulk);
  const users = [await describeUser(hulk, moki), await describeUser(moki, hulk)];
  const message = await openReferenceMessage(hulk, moki, world);
  const ok =
    users.every(({ metaFitsID }) => metaFitsID) &&
    message.signatureFits &&
    message.received === 'accepted' &&
    message.text === message.expectedText;
  return { ok, users, message };
}

/** The check is made by somebody else, as it is with a meta that comes from outside. */
async function describeUser({ id, user }: Person, checker: Person): Promise<PublishedUser> {
  const meta = await user.meta();
  return {
    id: id.text,
    searchNumber: formatSearchNumber(id.address),
    key: { algorithm: meta.key.algorithm, bits: meta.key.bits },
    metaFitsID: await checker.facebook.saveMeta(meta, id),
  };
}

async function openReferenceMessage(
  hulk: Person,
  moki: Person,
  { signal }: World,
): Promise<PublishedUsersFacts['message']> {
  const url = new URL('../../data/reference-message.json', import.meta.url);
  const reader = new JsonReader(parseJsonObject(await readFile(url), 'Reference'), 'Reference');
  const data = reader.text('package');
  const { envelope, ...message } = parsePackage(data, moki.facebook.protocol);
  const received = await moki.messenger.processPackage(data);
  // as the application hears of it
  const heard = received.kind === 'accepted' ? await moki.inbox.take('text', signal) : undefined;
  return {
    origin: reader.text('origin'),
    sender: envelope.sender.text,
    receiver: envelope.receiver.text,
    time: envelope.time ?? 0,
    signatureFits: await hulk.user.verify(message.data, message.signature),
    received: received.kind,
    text: (heard?.content as TextContent | undefined)?.text ?? '',
    expectedText: reader.text('text'),
    ...(heard && { labels: heard.labels }),
  };
}

export function printPublishedUsers({ users, message }: PublishedUsersFacts, printer: Printer): void {
  for (const { id, searchNumber, key, metaFitsID } of users) {
    printer.check(metaFitsID, id);
    printer.row('search number', searchNumber);
    printer.row('meta', `${key.algorithm} ${key.bits}; its key gives this address and signed this name`);
  }
  printer.check(message.signatureFits, 'a message of the Python reference: the signature is of hulk');
  printer.row('written', new Date(message.time * 1000).toISOString());
  printer.check(message.text === message.expectedText, 'opened with the private key of moki:');
  printer.say('hulk', message.text);
  if (message.labels !== undefined) printer.row('protection', describeProtection(message.labels));
  printer.note('The reference binds no content to its envelope, and its users have keys of 1024 bits.');
}
