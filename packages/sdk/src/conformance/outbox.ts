import type { TestRunner } from '@dimp/crypto/conformance';
import { formatReliableMessage, type ReliableMessage } from '@dimp/dkd';
import type { Awaitable } from '@dimp/mkm';
import type { NewParcel, Outbox } from '../outbox.js';
import { check, checkSame } from './check.js';
import { sampleUser } from './samples.js';

/** What the suite is told. */
export interface OutboxConformance {
  /** Makes an empty outbox. Each test asks for one of its own. */
  readonly create: () => Awaitable<Outbox>;
  /** Opens again what is kept of an outbox, as the next run of a program does. Without it that is not tested. */
  readonly reopen?: (outbox: Outbox) => Awaitable<Outbox>;
}

/**
 * What every outbox must do: give packages back exactly and in order, until they are removed.
 *
 * @example
 * outboxConformance({ describe, it }, { create: () => new MemoryOutbox() })
 */
export function outboxConformance(runner: TestRunner, options: OutboxConformance): void {
  const { reopen } = options;
  const test = (name: string, body: (outbox: Outbox) => Promise<void>): void =>
    runner.it(name, async () => body(await options.create()));

  runner.describe('outbox', () => {
    test('is empty at first', async outbox => {
      checkSame(await outbox.list(), [], 'parcels');
      await outbox.remove(1);
      checkSame(await outbox.list(), [], 'parcels after nothing was removed');
    });

    test('keeps packages exactly and in order', async outbox => {
      const parcels = await sampleParcels(12);
      for (const parcel of parcels) await outbox.add(parcel);
      await checkParcels(outbox, parcels);
      const numbers = (await outbox.list()).map(({ number }) => number);
      checkSame(
        numbers,
        numbers.toSorted((a, b) => a - b),
        'numbers',
      );
    });

    test('keeps the order of what is put in at the same time', async outbox => {
      const parcels = await sampleParcels(12);
      const added = await Promise.all(parcels.map(parcel => outbox.add(parcel)));
      await checkParcels(outbox, parcels);
      const numbers = (await outbox.list()).map(({ number }) => number);
      checkSame(
        added.map(({ number }) => number),
        numbers,
        'numbers',
      );
    });

    test('gives up what is removed, and never its number to another', async outbox => {
      const parcels = await sampleParcels(4);
      const numbers: number[] = [];
      for (const parcel of parcels) numbers.push((await outbox.add(parcel)).number);
      for (const index of [1, 3, 3]) await outbox.remove(numbers[index] as number);
      await checkParcels(outbox, [parcels[0], parcels[2]] as NewParcel[]);
      for (const index of [0, 2]) await outbox.remove(numbers[index] as number);
      checkSame(await outbox.list(), [], 'parcels at last');
      const { number } = await outbox.add(parcels[0] as NewParcel);
      check(!numbers.includes(number), 'the number of a new one: expected none that was used');
    });

    if (reopen === undefined) return;
    test('has everything in the next run of the program, and goes on behind it', async outbox => {
      const parcels = await sampleParcels(5);
      const numbers: number[] = [];
      for (const parcel of parcels.slice(0, 4)) numbers.push((await outbox.add(parcel)).number);
      await outbox.remove(numbers[1] as number);
      const next = await reopen(outbox);
      await next.add(parcels[4] as NewParcel);
      await checkParcels(
        next,
        parcels.filter((_, index) => index !== 1),
      );
    });
  });
}

async function sampleParcels(count: number): Promise<readonly NewParcel[]> {
  const [anna, bob] = [(await sampleUser('anna')).id, (await sampleUser('bob')).id];
  return Array.from({ length: count }, (_, index) => {
    const message: ReliableMessage = {
      envelope: { sender: anna, receiver: bob, time: 1_700_000_000 + index },
      data: Uint8Array.of(index, 0xff),
      encryptedKey: 'AAAA',
      signature: Uint8Array.of(1, 2, index),
      extra: { 'x-later': [index, null] },
    };
    const isLast = index % 3 === 2;
    return { message, isLast, ...(isLast && { place: { user: anna, peer: bob, number: index } }) };
  });
}

async function checkParcels(outbox: Outbox, expected: readonly NewParcel[]): Promise<void> {
  const plain = ({ message, isLast, place }: NewParcel): unknown => [
    formatReliableMessage(message),
    isLast,
    place ? [place.user.text, place.peer.text, place.number] : null,
  ];
  checkSame((await outbox.list()).map(plain), expected.map(plain), 'parcels');
}
