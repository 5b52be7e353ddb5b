import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { JsonObject } from '@dimp/crypto';
import { type SnapshotFile, takeSnapshot } from './snapshot.js';
import { formatTarHeader, tarBlock, tarPadding } from './tar.js';

/** The last file of a backup: what all others are to be. Without it a backup is cut off. */
export const inventoryName = 'backup.json';
export const backupFormat = 1;

/**
 * Writes the files of a station into one tar file and ends the stream. Its account is in it, as it lies in the folder:
 * whoever has the file, and the passphrase if there is one, can be the station.
 */
export async function writeBackup(data: string, to: Writable): Promise<void> {
  const snapshot = await takeSnapshot(data);
  try {
    await pipeline(Readable.from(tarOf(snapshot.files), { objectMode: false }), to);
  } finally {
    await snapshot.release();
  }
}

async function* tarOf(files: readonly SnapshotFile[]): AsyncGenerator<Uint8Array> {
  const time = Date.now() / 1000;
  const digests: [string, JsonObject][] = [];
  for (const { name, path, size } of files) {
    yield formatTarHeader({ name, size, time });
    const hash = createHash('sha256');
    if (size > 0) {
      for await (const chunk of createReadStream(path, { end: size - 1 }) as AsyncIterable<Buffer>) {
        hash.update(chunk);
        yield chunk;
      }
    }
    yield new Uint8Array(tarPadding(size));
    digests.push([name, { size, sha256: hash.digest('hex') }]);
  }
  const inventory = { format: backupFormat, time: Math.floor(time), files: Object.fromEntries(digests) };
  const text = Buffer.from(`${JSON.stringify(inventory)}\n`);
  yield formatTarHeader({ name: inventoryName, size: text.length, time });
  yield text;
  yield new Uint8Array(tarPadding(text.length) + 2 * tarBlock);
}
