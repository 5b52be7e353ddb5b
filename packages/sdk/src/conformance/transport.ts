import { equalBytes } from '@dimp/crypto';
import type { TestRunner } from '@dimp/crypto/conformance';
import type { Awaitable } from '@dimp/mkm';
import type { Transport } from '../transport.js';
import { check, checkSame } from './check.js';

/** Two ends of a way. */
export interface TransportPair {
  readonly near: Transport;
  /** Where the packages that `near` sends come out. */
  readonly far: Transport;
  /**
   * A package that the way carries from `near` to `far`: another for each number, of about so many bytes when
   * that is asked for.
   */
  package(number: number, size?: number): Awaitable<Uint8Array>;
  /** Cuts the way, so that `near` can send no more. Without it that is not tested. */
  readonly cut?: () => Awaitable<void>;
  /** Called at the end of each test. */
  readonly close?: () => Awaitable<void>;
}

/** What the suite is told. */
export interface TransportConformance {
  /** Makes a way on which nothing is under way. Each test asks for one of its own. */
  readonly create: () => Awaitable<TransportPair>;
}

/**
 * What every transport must do: carry packages as they are, each once, in order, and say so when it cannot.
 *
 * A package that does not come out lets a test run into the time limit of your runner.
 */
export function transportConformance(runner: TestRunner, options: TransportConformance): void {
  const test = (name: string, body: (pair: TransportPair) => Promise<void>): void =>
    runner.it(name, async () => {
      const pair = await options.create();
      try {
        await body(pair);
      } finally {
        await pair.close?.();
      }
    });

  runner.describe('transport', () => {
    test('carries packages as they are, in order', async pair => {
      const inbox = open(pair.far);
      const sent = [];
      for (const number of [1, 2, 3, 4, 5]) sent.push(await send(pair, number));
      await inbox.count(5);
      checkPackages(inbox.packages, sent);
    });

    test('carries them in the order of the calls, without waiting in between', async pair => {
      const inbox = open(pair.far);
      const packages: Uint8Array[] = [];
      for (const number of [1, 2, 3, 4, 5]) packages.push(await pair.package(number));
      await Promise.all(packages.map(async data => pair.near.send(data)));
      await inbox.count(5);
      checkPackages(inbox.packages, packages);
    });

    test('carries large packages', async pair => {
      const inbox = open(pair.far);
      const sent = [];
      for (const size of [10_000, 1_000_000]) sent.push(await send(pair, size, size));
      await inbox.count(2);
      checkPackages(inbox.packages, sent);
    });

    test('calls every listener, each until it is stopped', async pair => {
      const [first, second] = [open(pair.far), open(pair.far)];
      const one = await send(pair, 1);
      await Promise.all([first.count(1), second.count(1)]);
      first.stop();
      first.stop();
      const two = await send(pair, 2);
      await second.count(2);
      checkPackages(first.packages, [one]);
      checkPackages(second.packages, [one, two]);
    });

    test('calls a listener no more as soon as it is stopped', async pair => {
      const [early, late] = [open(pair.far), open(pair.far)];
      const data = await pair.package(1);
      const sending = pair.near.send(data);
      early.stop();
      await sending;
      await late.count(1);
      checkPackages(early.packages, []);
    });

    test('does not send what was broken off before', async pair => {
      const inbox = open(pair.far);
      const data = await pair.package(1);
      const reason = new Error('never mind');
      await checkRejects(async () => pair.near.send(data, { signal: AbortSignal.abort(reason) }), 'sending');
      const other = await send(pair, 2);
      await inbox.count(1);
      checkPackages(inbox.packages, [other]);
    });

    test('fails with ERR_TRANSPORT when the way is cut', async pair => {
      const inbox = open(pair.far);
      const first = await send(pair, 1);
      await inbox.count(1);
      checkPackages(inbox.packages, [first]);
      if (pair.cut === undefined) return;
      await pair.cut();
      const data = await pair.package(2);
      const error = await checkRejects(async () => pair.near.send(data), 'sending on a way that is cut');
      checkSame(error.code, 'ERR_TRANSPORT', 'code of the error');
      checkPackages(inbox.packages, [first]);
    });
  });
}

/** What came out at one end. */
interface Inbox {
  readonly packages: readonly Uint8Array[];
  /** Resolves when this many have come out in all. */
  count(count: number): Promise<void>;
  stop(): void;
}

function open(transport: Transport): Inbox {
  const packages: Uint8Array[] = [];
  const waiting = new Set<() => void>();
  const stop = transport.subscribe(data => {
    packages.push(data);
    for (const look of waiting) look();
  });
  return {
    packages,
    stop,
    count: count =>
      new Promise(resolve => {
        const look = (): void => {
          if (packages.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

async function send(pair: TransportPair, number: number, size?: number): Promise<Uint8Array> {
  const data = await pair.package(number, size);
  await pair.near.send(data);
  return data;
}

function checkPackages(got: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  check(got.length === expected.length, `expected ${expected.length} packages, got ${got.length}`);
  for (const [index, data] of expected.entries()) {
    check(equalBytes(got[index] as Uint8Array, data), `package ${index + 1}: expected its own bytes`);
  }
}

async function checkRejects(
  action: () => Promise<unknown>,
  what: string,
): Promise<{ readonly code?: unknown }> {
  try {
    await action();
  } catch (error) {
    return Object(error) as { readonly code?: unknown };
  }
  throw new Error(`${what}: expected an error`);
}
