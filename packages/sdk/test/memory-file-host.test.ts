import { describe, expect, it } from '@jest/globals';
import { streamOf } from '../src/byte-streams.js';
import { fileHostConformance } from '../src/conformance/file-host.js';
import type { FileHost, UploadOptions } from '../src/file-host.js';
import { MemoryFileHost } from '../src/memory-file-host.js';
import { idOf } from './services-kit.js';

fileHostConformance({ describe, it }, { create: () => new MemoryFileHost() });

describe('a file host in memory', () => {
  const sender = idOf('hulk');

  it('gives URLs that end with the MD5 of the file', async () => {
    const host = new MemoryFileHost({ baseUrl: 'http://cdn.example.test/' });
    const url = await host.upload(new TextEncoder().encode('abc'), { sender });
    expect(url).toBe('http://cdn.example.test/900150983cd24fb0d6963f7d28e17f72');
    expect(host.urls()).toEqual([url]);
  });

  it('refuses and has nothing while it is switched off', async () => {
    const host = new MemoryFileHost();
    const url = await host.upload(Uint8Array.of(1), { sender });
    host.enabled = false;
    let cancelled = 0;
    const file = new ReadableStream<Uint8Array>({ cancel: () => void cancelled++ });
    expect(await host.upload(file, { sender })).toBeUndefined();
    expect(cancelled).toBe(1);
    expect(await host.download(url ?? '')).toBeUndefined();
    host.enabled = true;
    expect(await host.download(url ?? '')).toBeDefined();
  });

  it('has its files to look at and to replace', async () => {
    const host = new MemoryFileHost();
    expect(host.get('http://cdn.example.test/1')).toBeUndefined();
    const data = Uint8Array.of(1, 2);
    host.put('http://cdn.example.test/1', data);
    data.fill(0);
    host.get('http://cdn.example.test/1')?.fill(0);
    expect(host.get('http://cdn.example.test/1')).toEqual(Uint8Array.of(1, 2));
  });
});

describe('the suite for file hosts finds', () => {
  /** Which parts of the suite a host fails, made of a good one with changes. */
  async function failures(change: (good: MemoryFileHost) => Partial<FileHost>): Promise<string[]> {
    const parts: [string, () => Promise<void>][] = [];
    const runner = {
      describe: (_: string, body: () => void) => body(),
      it: (name: string, body: () => Promise<void>) => void parts.push([name, body]),
    };
    const create = (): FileHost => {
      const good = new MemoryFileHost();
      const same: FileHost = {
        upload: (data, options) => good.upload(data, options),
        download: (url, options) => good.download(url, options),
      };
      return { ...same, ...change(good) };
    };
    fileHostConformance(runner, { create });
    const failed: string[] = [];
    for (const [name, body] of parts) {
      try {
        await body();
      } catch (error) {
        expect((error as Error).name).toBe('Error');
        failed.push(name);
      }
    }
    return failed;
  }

  it('nothing wrong with a good one', async () => {
    expect(await failures(() => ({}))).toEqual([]);
  });

  it('one URL for all files', async () => {
    const failed = await failures(good => ({
      upload: async (data, options) => {
        const url = await good.upload(data, options);
        good.put('one', good.get(url ?? '') ?? new Uint8Array(0));
        return 'one';
      },
      download: (url, options) => good.download(url === 'one-not' ? 'none' : 'one', options),
    }));
    expect(failed).toEqual(['keeps files apart']);
  });

  it('a stand-in for files it does not have', async () => {
    const failed = await failures(good => ({
      download: async (url, options) => (await good.download(url, options)) ?? new Uint8Array(0),
    }));
    expect(failed).toEqual(['has nothing at a URL that it did not give']);
  });

  it('half a file, deafness and silence', async () => {
    const failed = await failures(good => ({
      async upload(data, { signal: _, onProgress: __, ...options }: UploadOptions) {
        const parts: number[] = [];
        try {
          const reader = streamOf(data).getReader();
          for (let n = 0; n < 1000; n++) {
            const next = await reader.read();
            if (next.done) break;
            parts.push(...next.value);
          }
        } catch {
          return good.upload(Uint8Array.from(parts), options);
        }
        return good.upload(Uint8Array.from(parts), options);
      },
    }));
    expect(failed).toEqual([
      'tells how far it is, up to the last byte',
      'gives no URL for half a file',
      'stops when it is told to',
    ]);
  });

  it('bytes that the giver can still change', async () => {
    const files: (Uint8Array | ReadableStream<Uint8Array>)[] = [];
    const failed = await failures(good => ({
      upload: async (data, options) => {
        await good.upload(data, options);
        return `${files.push(data) - 1}`;
      },
      download: async (url, { signal } = {}) => {
        signal?.throwIfAborted();
        return files[Number(url)];
      },
    }));
    expect(failed).toContain('keeps what it was given when the giver writes over it');
  });
});
