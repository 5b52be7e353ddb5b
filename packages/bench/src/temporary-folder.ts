import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Does something in a new folder, which is removed behind it, also when the program ends in between. */
export async function* inFolder<Value>(
  name: string,
  work: (folder: string) => AsyncIterable<Value>,
): AsyncGenerator<Value> {
  const folder = await mkdtemp(join(tmpdir(), `dimp-bench-${name}-`));
  const options = { recursive: true, force: true, maxRetries: 5 };
  const remove = (): void => rmSync(folder, options);
  process.once('exit', remove);
  try {
    yield* work(folder);
  } finally {
    await rm(folder, options);
    process.off('exit', remove);
  }
}
