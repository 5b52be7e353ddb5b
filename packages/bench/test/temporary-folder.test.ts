import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { inFolder } from '../src/temporary-folder.js';

async function* write(folder: string): AsyncGenerator<string> {
  await writeFile(join(folder, 'file'), 'text');
  yield folder;
}

describe('inFolder', () => {
  it('removes the folder behind the work', async () => {
    const seen: string[] = [];
    for await (const folder of inFolder('test', write)) {
      expect(existsSync(join(folder, 'file'))).toBe(true);
      seen.push(folder);
    }
    expect(seen.map(existsSync)).toEqual([false]);
  });

  it('removes it when the work fails', async () => {
    const seen: string[] = [];
    const work = inFolder('test', async function* (folder) {
      yield* write(folder);
      throw new Error('broken');
    });
    const reading = (async () => {
      for await (const folder of work) seen.push(folder);
    })();
    await expect(reading).rejects.toThrow('broken');
    expect(seen.map(existsSync)).toEqual([false]);
  });

  it('removes it when the program ends in between', async () => {
    const before = process.listeners('exit');
    const work = inFolder('test', write);
    const { value: folder = '' } = await work.next();
    expect(existsSync(folder)).toBe(true);
    for (const listener of process.listeners('exit')) if (!before.includes(listener)) listener(0);
    expect(existsSync(folder)).toBe(false);
    await work.return(undefined);
    expect(process.listeners('exit')).toEqual(before);
  });
});
