import { formatPackage, MemoryKeyStore, type Protocol, parsePackage, Transceiver } from '@dimp/core';
import type { JsonReader, JsonValue } from '@dimp/crypto';
import { createText } from '@dimp/dkd';
import { Facebook, registerUser } from '@dimp/sdk';
import { readCount } from '../arguments.js';
import type { AgentContext, AgentOperation } from '../operation.js';

const maxMessages = 1_000_000;
/** Letters of a text, so that its package stays below the limit of one. */
const maxSize = 4_000_000;

/** How long things take. */
export const timingOperations: readonly AgentOperation[] = [{ code: 'bench', run: bench }];

async function bench(args: JsonReader, { session: { protocol } }: AgentContext): Promise<JsonValue> {
  const kind = args.text('kind');
  if (kind !== 'pack' && kind !== 'unpack') throw args.error('kind', '"pack" or "unpack"', kind);
  const n = readCount(args, 'n', maxMessages);
  const size = readCount(args, 'size', maxSize, 100);
  const bits = args.optionalInteger('bits') ?? 1024;
  const pair = await createPair(protocol, bits);
  const text = 'x'.repeat(size);
  const work =
    kind === 'pack'
      ? () => pair.pack(text)
      : await unpackingOf(await packMany(n, () => pair.pack(text)), pair);
  const start = performance.now();
  for (let done = 0; done < n; done++) await work();
  const seconds = (performance.now() - start) / 1000;
  return { kind, n, size, bits, seconds, per_second: n / seconds };
}

interface Pair {
  pack(text: string): Promise<Uint8Array>;
  unpack(data: Uint8Array): Promise<void>;
}

/** Two users who write to each other, apart from everything else the agent knows. */
async function createPair(protocol: Protocol, bits: number): Promise<Pair> {
  const facebook = new Facebook({ protocol });
  const sender = (await registerUser(facebook, { name: 'bench-a', bits })).id;
  const receiver = (await registerUser(facebook, { name: 'bench-b', bits })).id;
  const { barrack } = facebook;
  const sending = new Transceiver({ barrack, keyStore: new MemoryKeyStore(), bind: false });
  const receiving = new Transceiver({ barrack, keyStore: new MemoryKeyStore(), bind: false });
  return {
    async pack(text) {
      const envelope = { sender, receiver, time: facebook.clock() };
      const { message } = await sending.encrypt({ envelope, content: createText(text), extra: {} });
      return formatPackage(await sending.sign(message));
    },
    async unpack(data) {
      const { message } = await receiving.verify(parsePackage(data, protocol));
      await receiving.decrypt(message, receiver);
    },
  };
}

async function packMany(n: number, pack: () => Promise<Uint8Array>): Promise<readonly Uint8Array[]> {
  const packages: Uint8Array[] = [];
  while (packages.length < n) packages.push(await pack());
  return packages;
}

async function unpackingOf(packages: readonly Uint8Array[], pair: Pair): Promise<() => Promise<void>> {
  let next = 0;
  return () => pair.unpack(packages[next++] as Uint8Array);
}
