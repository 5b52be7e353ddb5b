import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { anywhere, createID, type ID } from '@dimp/mkm';
import { openMessageStore } from '@dimp/station';
import { openFolder } from '@dimp/store/folder';
import type { Row } from '../row.js';
import { median, quantile } from '../statistics.js';
import type { Scope } from '../suite.js';
import { start } from './programs.js';

const receivers = 10_000;
/** Added to the store at once. */
const together = 2000;
/** Bytes of a package: fewer than usual, as it is their number that could make a start long. */
const packageBytes = 200;

/** Starting a station that keeps so many messages, from a new process until clients can come. */
export async function startRow(
  data: string,
  messages: number,
  { slowRounds }: Pick<Scope, 'slowRounds'>,
): Promise<Row> {
  // with its account, which is made once
  await (await start('station', { data })).close();
  await fill(join(data, 'messages'), messages);
  const [whole, inside]: [number[], number[]] = [[], []];
  for (let round = 0; round < Math.ceil(slowRounds / 2); round++) {
    const begun = performance.now();
    const station = await start('station', { data });
    whole.push(performance.now() - begun);
    inside.push(await station.call<number>('startMilliseconds'));
    await station.close();
  }
  return {
    suite: 'station',
    name: `start with ${messages} stored messages`,
    value: median(whole),
    unit: 'ms',
    quartiles: [quantile(whole, 0.25), quantile(whole, 0.75)],
    details: { withoutProgram: median(inside) },
  };
}

async function fill(location: string, messages: number): Promise<void> {
  const store = await openMessageStore(await openFolder(location));
  const users = Array.from({ length: receivers }, (_, number) =>
    createID({ name: `${number}`, address: anywhere }),
  );
  const [sender] = users as [ID];
  const data = randomBytes(packageBytes);
  const time = Date.now() / 1000;
  for (let number = 0; number < messages; ) {
    const some: Promise<unknown>[] = [];
    for (const end = Math.min(messages, number + together); number < end; number++) {
      const receiver = users[number % receivers] as ID;
      some.push(store.add({ receiver, sender, data, digest: randomBytes(32), time }));
    }
    await Promise.all(some);
  }
  await store.close();
}
