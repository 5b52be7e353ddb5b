import { type AttachmentContext, MemoryKeyStore, Transceiver } from '@dimp/core';
import { isJsonObject, type JsonObject, parseSymmetricKey, type SymmetricKey } from '@dimp/crypto';
import { createAesKey } from '@dimp/crypto/aes';
import { plainKey } from '@dimp/crypto/plain';
import {
  createFile,
  decryptData,
  type FileContent,
  formatContent,
  type ImageContent,
  isFileContent,
  parseContent,
  parseReliableMessage,
  trimMessage,
} from '@dimp/dkd';
import { isGroupID } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { attachmentHandler, type FileProblem, type FileProgress } from '../src/attachments.js';
import type { FileHost, UploadOptions } from '../src/file-host.js';
import { fileLimits } from '../src/file-limits.js';
import { MemoryFileHost } from '../src/memory-file-host.js';
import { bytes, codeOf, facebookOf, freeze, idOf, protocol, vectors } from './services-kit.js';

interface In {
  readonly sender: string;
  readonly receiver: string;
  readonly reader: string;
  readonly content: JsonObject;
  readonly time: number;
  readonly key: JsonObject;
  readonly upload: boolean;
}
interface Out {
  readonly uploaded: Readonly<Record<string, string>>;
  readonly content_text: string;
  readonly reliable: JsonObject;
  readonly received: JsonObject;
  readonly received_without_download: JsonObject;
}

function keyOf(json: JsonObject): SymmetricKey {
  return json['algorithm'] === 'PLAIN' ? plainKey : parseSymmetricKey(json, protocol);
}

describe('the attachment vectors', () => {
  for (const { name, in: given, out } of vectors<In, Out>('attachments', 'attachment')) {
    it(`${name}: sent`, async () => {
      const host = new MemoryFileHost({ baseUrl: 'http://cdn.example.test/' });
      host.enabled = given.upload;
      const facebook = await facebookOf(given.sender);
      const keyStore = new MemoryKeyStore();
      const [sender, receiver] = [idOf(given.sender), idOf(given.receiver)];
      keyStore.saveKey(sender, receiver, { key: keyOf(given.key), time: 1, uses: 0, pinned: true });
      const transceiver = new Transceiver({
        barrack: facebook.barrack,
        keyStore,
        attachments: attachmentHandler(host),
        bind: false,
      });
      const content = freeze(parseContent(given.content, protocol));
      const envelope = { sender, receiver, time: given.time };
      const { message, key } = await transceiver.encrypt({ envelope, content, extra: {} });
      const files = host.urls().map(url => [url, Buffer.from(host.get(url) ?? []).toString('base64')]);
      expect(Object.fromEntries(files)).toEqual(out.uploaded);
      const text = new TextDecoder().decode(await decryptData(message, key));
      expect(JSON.parse(text)).toEqual(JSON.parse(out.content_text));
      // the caller's own content is as it was
      expect(formatContent(content, protocol)).toEqual(given.content);
    });

    for (const [way, enabled] of [
      ['received', true],
      ['received_without_download', false],
    ] as const) {
      it(`${name}: ${way}`, async () => {
        const host = new MemoryFileHost();
        host.enabled = enabled;
        for (const [url, file] of Object.entries(out.uploaded)) host.put(url, bytes(file));
        const facebook = await facebookOf(given.reader);
        const problems: FileProblem[] = [];
        const transceiver = new Transceiver({
          barrack: facebook.barrack,
          keyStore: new MemoryKeyStore(),
          attachments: attachmentHandler(host, { onProblem: problem => problems.push(problem) }),
        });
        const { message } = await transceiver.verify(parseReliableMessage(out.reliable, protocol));
        const reader = idOf(given.reader);
        const mine = isGroupID(message.envelope.receiver) ? trimMessage(message, reader, protocol) : message;
        const { message: instant } = await transceiver.decrypt(mine, reader);
        expect(formatContent(instant.content, protocol)).toEqual(out[way]);
        expect(problems).toEqual([]);
      });
    }
  }
});

const key = createAesKey(new Uint8Array(32).fill(1), new Uint8Array(16).fill(2));
const context: AttachmentContext = { key, sender: idOf('hulk'), receiver: idOf('moki') };
const data = Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff);

/** A host that must not be asked. */
const untouchable: FileHost = {
  upload: () => {
    throw new Error('uploaded');
  },
  download: () => {
    throw new Error('downloaded');
  },
};

/** A content that has come, with its file at a URL. */
async function arrived(host: FileHost, changes: Partial<FileContent> = {}): Promise<FileContent> {
  const sent = await attachmentHandler(host).beforeEncrypt(createFile({ data, filename: 'a.txt' }), context);
  return freeze({ ...sent, ...changes });
}

/** A handler that keeps its problems. */
function watched(host: FileHost, options: Parameters<typeof attachmentHandler>[1] = {}) {
  const problems: FileProblem[] = [];
  return {
    problems,
    handler: attachmentHandler(host, { ...options, onProblem: problem => problems.push(problem) }),
  };
}

describe('a file that is sent', () => {
  it('is left alone when it stands at its URL already', async () => {
    const content = freeze(createFile({ url: 'http://cdn.example.test/1', filename: 'a.txt' }));
    expect(await attachmentHandler(untouchable).beforeEncrypt(content, context)).toBe(content);
  });

  it('tells the host its name only where everybody may read it', async () => {
    const told: UploadOptions[] = [];
    const host: FileHost = { ...untouchable, upload: (_, options) => void told.push(options) };
    const handler = attachmentHandler(host);
    await handler.beforeEncrypt(createFile({ data, filename: 'plan.pdf' }), context);
    await handler.beforeEncrypt(createFile({ data, filename: 'plan.pdf' }), { ...context, key: plainKey });
    expect(told.map(({ filename, size }) => ({ filename, size }))).toEqual([
      { size: 1008 },
      { filename: 'plan.pdf', size: 1000 },
    ]);
    expect(told.map(({ sender }) => sender)).toEqual([context.sender, context.sender]);
  });

  it('goes without the password of an earlier upload', async () => {
    const host = new MemoryFileHost();
    const old = createAesKey(new Uint8Array(16));
    const content = freeze(createFile({ data, url: 'http://cdn.example.test/old', password: old }));
    const sent = await attachmentHandler(host).beforeEncrypt(content, context);
    expect(sent.password).toBeUndefined();
    expect(sent.url).toBe(host.urls()[0]);
    expect((await attachmentHandler(host).afterDecrypt(sent, context)).data).toEqual(data);
  });

  it('goes inside when the host fails, and that is told', async () => {
    const { handler, problems } = watched(untouchable);
    const content = freeze(createFile({ data }));
    expect(await handler.beforeEncrypt(content, context)).toEqual(content);
    expect(problems).toMatchObject([{ kind: 'upload', content, error: { message: 'uploaded' } }]);
  });

  it('does not go inside when it is too large for a package', async () => {
    const host = new MemoryFileHost();
    host.enabled = false;
    const { handler, problems } = watched(host);
    const fits = createFile({ data: new Uint8Array(fileLimits.inlineBytes) });
    expect((await handler.beforeEncrypt(fits, context)).data).toHaveLength(fileLimits.inlineBytes);
    const large = createFile({ data: new Uint8Array(fileLimits.inlineBytes + 1) });
    expect(await codeOf(() => handler.beforeEncrypt(large, context))).toBe('ERR_TRANSPORT');
    expect(problems).toEqual([]);
  });

  it('stops when it is told to, before and while it is uploaded', async () => {
    const reason = new Error('stop');
    const handler = attachmentHandler(untouchable);
    const aborted = { ...context, signal: AbortSignal.abort(reason) };
    await expect(handler.beforeEncrypt(createFile({ data }), aborted)).rejects.toBe(reason);
    const controller = new AbortController();
    const slow: FileHost = {
      ...untouchable,
      upload: async (_, { signal }) => {
        controller.abort(reason);
        signal?.throwIfAborted();
        return 'never';
      },
    };
    const { handler: watching, problems } = watched(slow);
    const sending = watching.beforeEncrypt(createFile({ data }), { ...context, signal: controller.signal });
    await expect(sending).rejects.toBe(reason);
    expect(problems).toEqual([]);
  });

  it('tells how far it is, in both directions', async () => {
    const steps: FileProgress[] = [];
    const host = new MemoryFileHost();
    const handler = attachmentHandler(host, { onProgress: step => steps.push(step) });
    const content = createFile({ data });
    const sent = await handler.beforeEncrypt(content, context);
    await handler.afterDecrypt(sent, context);
    expect(steps).toEqual([
      { direction: 'upload', content, bytesDone: 1008, bytesTotal: 1008 },
      { direction: 'download', content: sent, bytesDone: 1008, bytesTotal: 1008 },
    ]);
  });
});

describe('a file that comes', () => {
  it('is left alone when it is inside', async () => {
    const content = freeze(createFile({ data, filename: 'a.txt' }));
    expect(await attachmentHandler(untouchable).afterDecrypt(content, context)).toBe(content);
  });

  it('is renamed, and neither URL nor password stay', async () => {
    const host = new MemoryFileHost();
    const content = await attachmentHandler(host).afterDecrypt(await arrived(host), context);
    expect(content.data).toEqual(data);
    expect(content.filename).toMatch(/^[0-9a-f]{32}\.txt$/);
    expect(Object.keys(formatContent(content, protocol)).sort()).toEqual(['data', 'filename', 'sn', 'type']);
  });

  it('is opened with the password it brings, if it brings one', async () => {
    const host = new MemoryFileHost();
    const content = await arrived(host, { password: key });
    const other = { ...context, key: createAesKey(new Uint8Array(32).fill(9)) };
    expect((await attachmentHandler(host).afterDecrypt(content, other)).data).toEqual(data);
    host.enabled = false;
    expect((await attachmentHandler(host).afterDecrypt(content, other)).password).toBe(key);
  });

  it('stays at its URL when it does not decrypt, and that is told', async () => {
    const host = new MemoryFileHost();
    const content = await arrived(host);
    host.put(content.url ?? '', Uint8Array.of(1, 2, 3));
    const { handler, problems } = watched(host);
    expect(await handler.afterDecrypt(content, context)).toEqual({ ...content, password: key });
    expect(problems).toMatchObject([{ kind: 'decrypt', content, error: { code: 'ERR_DECRYPT' } }]);
  });

  it('stays at its URL when the host fails, also in the middle, and that is told', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start: controller => controller.enqueue(new Uint8Array(16)),
      pull: controller => controller.error(new Error('gone')),
    });
    for (const host of [untouchable, { ...untouchable, download: () => broken }]) {
      const { handler, problems } = watched(host);
      const content = freeze(createFile({ url: 'http://cdn.example.test/1' }));
      expect(await handler.afterDecrypt(content, context)).toEqual({ ...content, password: key });
      expect(problems).toMatchObject([{ kind: 'download', content }]);
    }
  });

  it('stays at its URL when it is too large, without being read further', async () => {
    let cancelled = 0;
    let given = 0;
    const endless = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        pull: controller => controller.enqueue(new Uint8Array(++given && 100)),
        cancel: () => void cancelled++,
      });
    const content = freeze(createFile({ url: 'http://cdn.example.test/1' }));
    for (const file of [endless(), new Uint8Array(1001)]) {
      const host: FileHost = { ...untouchable, download: () => file };
      const { handler, problems } = watched(host, { maxDownloadBytes: 1000 });
      expect(await handler.afterDecrypt(content, context)).toEqual({ ...content, password: key });
      expect(problems).toMatchObject([{ kind: 'too-large', error: { code: 'ERR_LIMIT' } }]);
    }
    expect(cancelled).toBe(1);
    expect(given).toBeLessThan(16);
  });

  it('is fetched only if it is wanted', async () => {
    const content = freeze(createFile({ url: 'http://cdn.example.test/1' }));
    for (const download of ['never', () => false] as const) {
      const { handler, problems } = watched(untouchable, { download });
      expect(await handler.afterDecrypt(content, context)).toEqual({ ...content, password: key });
      expect(problems).toEqual([]);
    }
    const host = new MemoryFileHost();
    const wanted = await arrived(host);
    for (const download of ['always', (one: unknown) => one === wanted] as const) {
      expect((await attachmentHandler(host, { download }).afterDecrypt(wanted, context)).data).toEqual(data);
    }
  });

  it('stops when it is told to, and a stream that hangs too', async () => {
    const reason = new Error('stop');
    const content = freeze(createFile({ url: 'http://cdn.example.test/1' }));
    const aborted = { ...context, signal: AbortSignal.abort(reason) };
    await expect(attachmentHandler(untouchable).afterDecrypt(content, aborted)).rejects.toBe(reason);
    const controller = new AbortController();
    const hanging = new ReadableStream<Uint8Array>({ pull: () => controller.abort(reason) });
    const { handler, problems } = watched({ ...untouchable, download: () => hanging });
    const receiving = handler.afterDecrypt(content, { ...context, signal: controller.signal });
    await expect(receiving).rejects.toBe(reason);
    expect(problems).toEqual([]);
  });

  it('of another kind keeps what belongs to that kind', async () => {
    const host = new MemoryFileHost();
    const json = { type: 18, sn: 1, filename: 'a.PNG', data: 'AAEC', thumbnail: 'c21hbGw=', more: [1] };
    const content = freeze(parseContent(json, protocol)) as ImageContent;
    expect(isFileContent(content)).toBe(true);
    const handler = attachmentHandler(host);
    const sent = await handler.beforeEncrypt(content, context);
    expect(formatContent(sent, protocol)).toEqual({
      type: 18,
      sn: 1,
      filename: 'a.PNG',
      thumbnail: 'c21hbGw=',
      more: [1],
      URL: host.urls()[0],
    });
    const received = formatContent(await handler.afterDecrypt(sent, context), protocol);
    expect(isJsonObject(received) && received['data']).toBe('AAEC');
    expect(received).toMatchObject({ thumbnail: 'c21hbGw=', more: [1] });
  });
});
