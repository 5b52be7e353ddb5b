import type { TestRunner } from '@dimp/crypto/conformance';
import { createInstantMessage, createText, formatInstantMessage, formatReliableMessage } from '@dimp/dkd';
import { type Awaitable, NetworkType } from '@dimp/mkm';
import { defaultProtocol } from '../defaults.js';
import type { NewWaiting, WaitingList } from '../waiting-list.js';
import { check, checkSame } from './check.js';
import { sampleUser } from './samples.js';

/** What the suite is told. */
export interface WaitingListConformance {
  /** Makes an empty waiting list. Each test asks for one of its own. */
  readonly create: () => Awaitable<WaitingList>;
  /** Opens again what is kept of a list, as the next run of a program does. Without it that is not tested. */
  readonly reopen?: (list: WaitingList) => Awaitable<WaitingList>;
}

const protocol = defaultProtocol();

/**
 * What every waiting list must do: give messages back with what they wait for, in order, until they are removed.
 *
 * @example
 * waitingListConformance({ describe, it }, { create: () => new MemoryWaitingList() })
 */
export function waitingListConformance(runner: TestRunner, options: WaitingListConformance): void {
  const { reopen } = options;
  const test = (name: string, body: (list: WaitingList) => Promise<void>): void =>
    runner.it(name, async () => body(await options.create()));

  runner.describe('waiting list', () => {
    test('is empty at first', async list => {
      checkSame(await list.list(), [], 'messages');
      await list.remove(1);
      checkSame(await list.list(), [], 'messages after nothing was removed');
    });

    test('keeps messages exactly, both ways, and in order', async list => {
      const samples = await sampleMessages();
      for (const sample of samples) await list.add(sample);
      await checkMessages(list, samples);
    });

    test('keeps the order of what is put in at the same time, and gives up what is removed', async list => {
      const samples = [...(await sampleMessages()), ...(await sampleMessages())];
      const added = await Promise.all(samples.map(sample => list.add(sample)));
      await checkMessages(list, samples);
      check(
        new Set(added.map(({ number }) => number)).size === samples.length,
        'numbers: expected each once',
      );
      for (const { number } of added.slice(0, 3)) await list.remove(number);
      await checkMessages(list, samples.slice(3));
    });

    if (reopen === undefined) return;
    test('has everything in the next run of the program, and goes on behind it', async list => {
      const samples = await sampleMessages();
      for (const sample of samples) await list.add(sample);
      const next = await reopen(list);
      await next.add(samples[0] as NewWaiting);
      await checkMessages(next, [...samples, samples[0] as NewWaiting]);
    });
  });
}

async function sampleMessages(): Promise<readonly NewWaiting[]> {
  const [anna, bob] = [(await sampleUser('anna')).id, (await sampleUser('bob')).id];
  const group = (await sampleUser('group', NetworkType.group)).id;
  const envelope = { sender: anna, receiver: bob, time: 1_700_000_000 };
  const signed = { envelope, data: Uint8Array.of(1), signature: Uint8Array.of(2), extra: { 'x-later': 1 } };
  const instant = createInstantMessage(envelope, createText('hello', { serialNumber: 7 }));
  const since = 1_700_000_000.5;
  return [
    {
      direction: 'in',
      missing: { what: 'meta', id: anna, sender: anna },
      since,
      message: signed,
      arrival: { depth: 0 },
    },
    {
      direction: 'in',
      missing: { what: 'members', id: group },
      since,
      message: signed,
      arrival: { as: bob, depth: 2, forwardedBy: anna },
    },
    { direction: 'out', missing: { what: 'profile', id: bob }, since, message: instant, split: false },
    {
      direction: 'out',
      missing: { what: 'meta', id: bob },
      since,
      message: instant,
      split: true,
      place: { user: anna, peer: bob, number: 3 },
    },
  ];
}

async function checkMessages(list: WaitingList, expected: readonly NewWaiting[]): Promise<void> {
  const plain = (waiting: NewWaiting): unknown => {
    const { missing, since, direction } = waiting;
    const head = [direction, missing.what, missing.id.text, missing.sender?.text ?? null, since];
    if (waiting.direction === 'in') {
      const { as, depth, forwardedBy } = waiting.arrival;
      const arrival = [as?.text ?? null, depth, forwardedBy?.text ?? null];
      return [...head, formatReliableMessage(waiting.message), arrival];
    }
    const { place, split } = waiting;
    const where = place ? [place.user.text, place.peer.text, place.number] : null;
    return [...head, formatInstantMessage(waiting.message, protocol), split, where];
  };
  checkSame((await list.list()).map(plain), expected.map(plain), 'messages');
}
