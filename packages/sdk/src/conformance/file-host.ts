import { concatBytes, equalBytes } from '@dimp/crypto';
import type { TestRunner } from '@dimp/crypto/conformance';
import { type Awaitable, anyone } from '@dimp/mkm';
import { collect, streamOf } from '../byte-streams.js';
import type { DownloadOptions, FileHost, UploadOptions } from '../file-host.js';

/** What the suite is told. */
export interface FileHostConformance {
  /** A host that takes what it is given. Each test asks for one of its own; they may share what is behind. */
  readonly create: () => Awaitable<FileHost>;
}

/** What every file host must do: give back what it was given, and never half of it. */
export function fileHostConformance(runner: TestRunner, options: FileHostConformance): void {
  const { create } = options;

  runner.describe('file host', () => {
    runner.it('gives back the bytes it was given, in one piece and by stream', async () => {
      const host = await create();
      for (const length of [0, 1, 16, 1000, 200_000]) {
        const data = sampleBytes(length, length);
        for (const given of [data, streamOf(data)]) {
          const url = await uploadTo(host, given, { size: length });
          check(equalBytes(await downloadFrom(host, url), data), `${length} bytes: expected the same again`);
        }
      }
    });

    runner.it('keeps files apart', async () => {
      const host = await create();
      const files = [1, 2, 3].map(seed => sampleBytes(100, seed));
      const urls: string[] = [];
      for (const file of files) urls.push(await uploadTo(host, file));
      check(new Set(urls).size === files.length, 'expected a URL for each file');
      for (const [index, url] of urls.entries()) {
        check(
          equalBytes(await downloadFrom(host, url), files[index] as Uint8Array),
          `file ${index}: expected its own bytes`,
        );
      }
    });

    runner.it('keeps what it was given when the giver writes over it', async () => {
      const host = await create();
      const data = sampleBytes(100, 4);
      const url = await uploadTo(host, data);
      data.fill(0);
      check(
        equalBytes(await downloadFrom(host, url), sampleBytes(100, 4)),
        'expected the bytes as they were',
      );
    });

    runner.it('has nothing at a URL that it did not give', async () => {
      const host = await create();
      const url = await uploadTo(host, sampleBytes(10, 5));
      check((await host.download(`${url}-not`)) === undefined, 'expected undefined');
    });

    runner.it('tells how far it is, up to the last byte', async () => {
      const host = await create();
      const data = sampleBytes(200_000, 6);
      const sent: number[] = [];
      const url = await uploadTo(host, data, { onProgress: done => sent.push(done) });
      checkProgress(sent, data.length, 'upload');
      const received: number[] = [];
      await downloadFrom(host, url, { onProgress: done => received.push(done) });
      checkProgress(received, data.length, 'download');
    });

    runner.it('gives no URL for half a file', async () => {
      const host = await create();
      await checkRejects(
        () =>
          uploadTo(
            host,
            brokenStream(() => new Error('the disk is gone')),
          ),
        'the disk is gone',
      );
    });

    runner.it('stops when it is told to', async () => {
      const host = await create();
      const url = await uploadTo(host, sampleBytes(10, 7));
      const signal = AbortSignal.abort(new Error('stop'));
      await checkRejects(() => uploadTo(host, sampleBytes(10, 8), { signal }), 'stop');
      await checkRejects(() => downloadFrom(host, url, { signal }), 'stop');
      const controller = new AbortController();
      const endless = new ReadableStream<Uint8Array>({
        pull(stream) {
          stream.enqueue(sampleBytes(1000, 9));
          controller.abort(new Error('stop'));
        },
      });
      await checkRejects(() => uploadTo(host, endless, { signal: controller.signal }), 'stop');
    });
  });
}

async function uploadTo(
  host: FileHost,
  data: Uint8Array | ReadableStream<Uint8Array>,
  options: Partial<UploadOptions> = {},
): Promise<string> {
  const url = await host.upload(data, { sender: anyone, ...options });
  check(url !== undefined, 'expected the host to take the file');
  return url;
}

async function downloadFrom(host: FileHost, url: string, options: DownloadOptions = {}): Promise<Uint8Array> {
  const file = await host.download(url, options);
  check(file !== undefined, 'expected the host to have the file');
  return (await collect(file, Number.POSITIVE_INFINITY)) ?? new Uint8Array(0);
}

function checkProgress(steps: readonly number[], length: number, what: string): void {
  check(steps.length > 0, `${what}: expected to be told`);
  check(
    steps.every((done, index) => index === 0 || done >= (steps[index - 1] as number)),
    `${what}: expected steps that do not go back`,
  );
  check(steps.at(-1) === length, `${what}: expected ${length} bytes at the end, got ${steps.at(-1)}`);
}

async function checkRejects(action: () => Promise<unknown>, message: string): Promise<void> {
  let outcome = 'nothing';
  try {
    await action();
  } catch (error) {
    outcome = messagesOf(error);
  }
  check(outcome.includes(message), `expected a rejection with ${JSON.stringify(message)}, got ${outcome}`);
}

/** The message of an error and of what caused it: a host may put the reason into an error of its own. */
function messagesOf(error: unknown): string {
  const { message = '', cause } = Object(error) as { readonly message?: unknown; readonly cause?: unknown };
  return cause === undefined ? String(message) : `${message} ${messagesOf(cause)}`;
}

/** A stream that gives one piece and then errors. */
function brokenStream(makeError: () => Error): ReadableStream<Uint8Array> {
  let given = false;
  return new ReadableStream({
    pull(controller) {
      if (given) controller.error(makeError());
      else controller.enqueue(sampleBytes(1000, 10));
      given = true;
    },
  });
}

/** Bytes that look like nothing in particular, the same for the same seed. */
function sampleBytes(length: number, seed: number): Uint8Array {
  const head = Uint8Array.of(seed & 0xff).subarray(0, Math.min(1, length));
  return concatBytes(
    head,
    Uint8Array.from({ length: Math.max(0, length - 1) }, (_, i) => (i * 167 + (i >> 3) * 13 + seed) & 0xff),
  );
}

function check(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Error(text);
}
