import type { AttachmentContext } from '@dimp/core';
import { concatBytes, type SymmetricKey } from '@dimp/crypto';
import { createAesKey } from '@dimp/crypto/aes';
import { plainKey } from '@dimp/crypto/plain';
import { createFile, type FileContent, formatContent } from '@dimp/dkd';
import { describe, expect, it } from '@jest/globals';
import { attachmentHandler, type FileProblem } from '../src/attachments.js';
import { collect, streamOf } from '../src/byte-streams.js';
import { openFile } from '../src/file-access.js';
import type { FileHost } from '../src/file-host.js';
import { fileLimits } from '../src/file-limits.js';
import { MemoryFileHost } from '../src/memory-file-host.js';
import { codeOf, freeze, idOf, protocol } from './services-kit.js';

const chunk = 65_536;
const megabyte = 1_048_576;
const key = createAesKey(new Uint8Array(32).fill(1), new Uint8Array(16).fill(2));
const context: AttachmentContext = { key, sender: idOf('hulk'), receiver: idOf('moki') };

/** A file that is made while it is read, and a count of how much was. */
function generated(length: number): {
  open: () => ReadableStream<Uint8Array>;
  made: number;
  cancelled: number;
} {
  const file = {
    made: 0,
    cancelled: 0,
    open: () => {
      let offset = 0;
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (offset >= length) return controller.close();
          const size = Math.min(chunk, length - offset);
          controller.enqueue(new Uint8Array(size).fill(offset / chunk));
          offset += size;
          file.made += size;
        },
        cancel: () => void file.cancelled++,
      });
    },
  };
  return file;
}

/** A host that keeps nothing and looks how much was made that has not reached it. */
function countingHost(made: () => number): FileHost & { bytes: number; ahead: number; largest: number } {
  const host = {
    bytes: 0,
    ahead: 0,
    largest: 0,
    async upload(data: Uint8Array | ReadableStream<Uint8Array>): Promise<string> {
      for await (const part of streamOf(data) as unknown as AsyncIterable<Uint8Array>) {
        host.bytes += part.length;
        host.largest = Math.max(host.largest, part.length);
        host.ahead = Math.max(host.ahead, made() - host.bytes);
        // a slow line: whatever would run ahead has time to
        if (host.bytes % (8 * megabyte) < chunk) await new Promise(resolve => setTimeout(resolve));
      }
      return 'http://cdn.example.test/large';
    },
    download: () => undefined,
  };
  return host;
}

const refusing: FileHost = { upload: () => undefined, download: () => undefined };

describe('a file given as a stream', () => {
  it('never stands on the wire', () => {
    const content = createFile({
      source: () => streamOf(Uint8Array.of(1)),
      filename: 'a.bin',
      serialNumber: 1,
    });
    expect(content.source).toBeDefined();
    expect(formatContent(content, protocol)).toEqual({ type: 16, sn: 1, filename: 'a.bin' });
  });

  it('of 64 MiB is uploaded without piling up', async () => {
    const file = generated(64 * megabyte);
    const host = countingHost(() => file.made);
    const content = freeze(createFile({ source: file.open, filename: 'film.mp4' }));
    const sent = await attachmentHandler(host).beforeEncrypt(content, context);
    expect(sent.url).toBe('http://cdn.example.test/large');
    expect([sent.source, sent.data, sent.password]).toEqual([undefined, undefined, undefined]);
    expect(content.source).toBe(file.open);
    expect(host.bytes).toBe(64 * megabyte + 16);
    expect(host.ahead).toBeLessThanOrEqual(4 * chunk);
    expect(host.largest).toBeLessThanOrEqual(chunk + 16);
  });

  it('is encrypted as it would be in one piece', async () => {
    const host = new MemoryFileHost();
    const handler = attachmentHandler(host);
    const data = await collect(generated(3 * chunk + 5).open(), megabyte);
    const one = await handler.beforeEncrypt(createFile({ data: data as Uint8Array }), context);
    const other = await handler.beforeEncrypt(createFile({ source: generated(3 * chunk + 5).open }), context);
    expect(other.url).toBe(one.url);
    expect((await handler.afterDecrypt(other, context)).data).toEqual(data);
  });

  it('goes in the clear to everybody', async () => {
    const host = new MemoryFileHost();
    const content = createFile({ source: generated(chunk + 1).open });
    const sent = await attachmentHandler(host).beforeEncrypt(content, { ...context, key: plainKey });
    expect(host.get(sent.url ?? '')).toEqual(await collect(generated(chunk + 1).open(), megabyte));
  });

  it('goes inside when it is small and the host refuses; what was opened is closed', async () => {
    const file = generated(chunk + 1);
    const content = freeze(createFile({ source: file.open }));
    const sent = await attachmentHandler(refusing).beforeEncrypt(content, context);
    expect(sent.data).toHaveLength(chunk + 1);
    expect([sent.source, sent.url]).toEqual([undefined, undefined]);
    expect(file.cancelled).toBe(1);
  });

  it('is refused when it is large and so does the host', async () => {
    const file = generated(64 * megabyte);
    const content = freeze(createFile({ source: file.open }));
    expect(await codeOf(() => attachmentHandler(refusing).beforeEncrypt(content, context))).toBe(
      'ERR_TRANSPORT',
    );
    expect(file.made).toBeLessThan(fileLimits.inlineBytes + 8 * chunk);
    expect(file.cancelled).toBe(2);
  });

  it('is refused with the reason when the host fails half-way', async () => {
    const cause = new Error('line cut');
    const host: FileHost = {
      ...refusing,
      async upload(data) {
        await (data as ReadableStream<Uint8Array>).getReader().read();
        throw cause;
      },
    };
    const problems: FileProblem[] = [];
    const handler = attachmentHandler(host, {
      onProblem: problem => problems.push(problem),
      maxInlineBytes: 2 * chunk,
    });
    const large = createFile({ source: generated(megabyte).open });
    await expect(handler.beforeEncrypt(large, context)).rejects.toMatchObject({
      code: 'ERR_TRANSPORT',
      cause,
    });
    const small = createFile({ source: generated(chunk).open });
    expect((await handler.beforeEncrypt(small, context)).data).toHaveLength(chunk);
    expect(problems).toMatchObject([{ kind: 'upload', error: cause }]);
  });

  it('that breaks is not sent', async () => {
    const broken = (): ReadableStream<Uint8Array> =>
      new ReadableStream({ pull: controller => controller.error(new Error('the disk is gone')) });
    const sending = attachmentHandler(new MemoryFileHost()).beforeEncrypt(
      createFile({ source: broken }),
      context,
    );
    await expect(sending).rejects.toThrow('the disk is gone');
  });

  it('stops when it is told to', async () => {
    const reason = new Error('stop');
    const controller = new AbortController();
    const file = generated(64 * megabyte);
    const host = new MemoryFileHost();
    const handler = attachmentHandler(host, {
      onProgress: ({ bytesDone }) => {
        if (bytesDone > megabyte) controller.abort(reason);
      },
    });
    const sending = handler.beforeEncrypt(createFile({ source: file.open }), {
      ...context,
      signal: controller.signal,
    });
    await expect(sending).rejects.toBe(reason);
    expect(host.urls()).toEqual([]);
    expect(file.made).toBeLessThan(2 * megabyte);
  });

  it('needs memory when the key has no streams, up to a limit', async () => {
    const whole: SymmetricKey = {
      algorithm: 'WHOLE',
      bits: 256,
      encrypt: data => key.encrypt(data),
      decrypt: data => key.decrypt(data),
    };
    const host = new MemoryFileHost();
    const handler = attachmentHandler(host);
    const sent = await handler.beforeEncrypt(createFile({ source: generated(3 * chunk).open }), {
      ...context,
      key: whole,
    });
    expect(host.get(sent.url ?? '')).toHaveLength(3 * chunk + 16);
    const opened = openFile({ ...sent, password: whole }, host);
    expect(await collect(opened, megabyte)).toEqual(await collect(generated(3 * chunk).open(), megabyte));
    const large = createFile({ source: generated(fileLimits.downloadBytes + 1).open });
    const refused = await handler.beforeEncrypt(large, { ...context, key: whole }).catch(error => error);
    expect([refused.code, refused.cause.code]).toEqual(['ERR_TRANSPORT', 'ERR_LIMIT']);
  });
});

describe('a file left at its URL', () => {
  const url = 'http://cdn.example.test/large';
  const left: FileContent = freeze(createFile({ url, password: key }));

  /** A host with one file, which is encrypted while it is read. */
  function hostOf(file: () => ReadableStream<Uint8Array>): Pick<FileHost, 'download'> {
    return { download: () => file().pipeThrough(key.encryptStream()) };
  }

  it('of 64 MiB is opened without piling up', async () => {
    const file = generated(64 * megabyte);
    let got = 0;
    let ahead = 0;
    const opened = openFile(left, hostOf(file.open)) as unknown as AsyncIterable<Uint8Array>;
    for await (const part of opened) {
      got += part.length;
      ahead = Math.max(ahead, file.made - got);
      if (got % (8 * megabyte) < chunk) await new Promise(resolve => setTimeout(resolve));
    }
    expect(got).toBe(64 * megabyte);
    expect(ahead).toBeLessThanOrEqual(6 * chunk);
  });

  it('is the one that was sent, from whatever the host gives', async () => {
    const host = new MemoryFileHost();
    const handler = attachmentHandler(host, { download: 'never' });
    const sent = await handler.beforeEncrypt(createFile({ source: generated(chunk + 9).open }), context);
    const received = await handler.afterDecrypt(sent, context);
    const expected = await collect(generated(chunk + 9).open(), megabyte);
    const steps: unknown[] = [];
    const opened = openFile(received, host, { onProgress: (done, total) => steps.push([done, total]) });
    expect(await collect(opened, megabyte)).toEqual(expected);
    expect(steps.at(-1)).toEqual([chunk + 16, chunk + 16]);
    const inOne = { download: () => host.get(sent.url ?? '') };
    expect(await collect(openFile(received, inOne), megabyte)).toEqual(expected);
  });

  it('of a broadcast is given as it is', async () => {
    const host = { download: () => Uint8Array.of(1, 2, 3) };
    const opened = openFile(createFile({ url, password: plainKey }), host);
    expect(await collect(opened, megabyte)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('errors at its end when the password does not fit', async () => {
    const wrong = createFile({ url, password: createAesKey(new Uint8Array(32)) });
    const reader = openFile(wrong, hostOf(generated(4 * chunk).open)).getReader();
    const parts: Uint8Array[] = [];
    const read = async (): Promise<void> => {
      for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value);
    };
    expect(await codeOf(read)).toBe('ERR_DECRYPT');
    expect(concatBytes(...parts)).toHaveLength(4 * chunk);
  });

  it('errors when the host has it not, or fails', async () => {
    const missing = openFile(left, { download: () => undefined });
    expect(await codeOf(() => collect(missing, 1))).toBe('ERR_TRANSPORT');
    const failing = openFile(left, {
      download: async () => {
        throw new Error('no line');
      },
    });
    await expect(collect(failing, 1)).rejects.toThrow('no line');
  });

  it('is read no further when its stream is cancelled', async () => {
    const file = generated(64 * megabyte);
    const reader = openFile(left, hostOf(file.open)).getReader();
    await reader.read();
    await reader.cancel();
    await new Promise(resolve => setTimeout(resolve));
    expect(file.cancelled).toBe(1);
    expect(file.made).toBeLessThan(megabyte);
  });

  it('stops when it is told to', async () => {
    const reason = new Error('stop');
    const aborted = openFile(left, refusing, { signal: AbortSignal.abort(reason) });
    await expect(collect(aborted, 1)).rejects.toBe(reason);
    const controller = new AbortController();
    const file = generated(64 * megabyte);
    const reader = openFile(left, hostOf(file.open), { signal: controller.signal }).getReader();
    await reader.read();
    controller.abort(reason);
    const drain = async (): Promise<void> => {
      while (!(await reader.read()).done);
    };
    await expect(drain()).rejects.toBe(reason);
    expect(file.cancelled).toBe(1);
  });

  it('needs a URL and a password', async () => {
    const refused = [
      createFile({ url }),
      createFile({ password: key }),
      createFile({ data: Uint8Array.of(1) }),
    ];
    for (const content of refused) expect(await codeOf(() => openFile(content, refusing))).toBe('ERR_USAGE');
  });
});
