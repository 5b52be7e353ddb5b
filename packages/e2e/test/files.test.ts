import { HttpFileHost, type HttpFileHostOptions } from '@dimp/client/file-host';
import { randomBytes } from '@dimp/crypto';
import { createFile, type FileContent } from '@dimp/dkd';
import { attachmentHandler, type FileHost, openFile } from '@dimp/sdk';
import { fileHostConformance } from '@dimp/sdk/conformance';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, newAccount } from './kit/account.js';
import { forAllTests } from './kit/after-test.js';
import { Client } from './kit/client.js';
import { Station } from './kit/station.js';

let station: Station;
let alice: Account;
let bob: Account;
let uploader: Client;

beforeAll(async () => {
  [alice, bob] = [await newAccount('alice'), await newAccount('bob')];
  [station, uploader] = await forAllTests(async () => {
    const started = await Station.start();
    return [started, await Client.connect(alice, { url: started.url })];
  });
});

/** The host of a station, with the token that came with a login. */
function hostOf(client: Client, options: Partial<HttpFileHostOptions> = {}): HttpFileHost {
  return new HttpFileHost({
    session: { upload: () => client.ready.upload },
    retrySeconds: 0.001,
    ...options,
  });
}

/** Uploads for the one whose token it is, whomever the suite names. */
function owned(host: FileHost): FileHost {
  return {
    upload: (data, options) => host.upload(data, { ...options, sender: uploader.id }),
    download: (url, options) => host.download(url, options),
  };
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  return Buffer.from(await new Response(stream).arrayBuffer());
}

describe('the file host of a station', () => {
  for (const streams of [true, false]) {
    describe(streams ? 'by streams' : 'by whole requests', () => {
      fileHostConformance({ describe, it }, { create: () => owned(hostOf(uploader, { streams })) });
    });
  }

  it('takes the file of a message, and has it for a receiver who comes later', async () => {
    const attachments = attachmentHandler(hostOf(uploader));
    const a = await Client.connect(alice, { url: station.url, knows: [bob], messenger: { attachments } });
    const data = randomBytes(500_000);
    expect(await a.send(createFile({ filename: 'map.png', data }), bob)).toMatchObject({ kind: 'sent' });
    const reading = attachmentHandler(hostOf(uploader), { download: 'never' });
    const b = await Client.connect(bob, { url: station.url, messenger: { attachments: reading } });
    await b.hears(1);
    const content = b.heard[0]?.content as FileContent;
    expect([content.filename, content.data]).toEqual(['map.png', undefined]);
    expect((await bytesOf(openFile(content, hostOf(b)))).equals(Buffer.from(data))).toBe(true);
  });

  it('takes nothing without a token, or by one of another run', async () => {
    const upload = uploader.ready.upload;
    if (upload === undefined) throw new Error('expected a station that hosts files');
    for (const token of [undefined, `${Math.ceil(upload.expires)}.${'A'.repeat(43)}`]) {
      const host = new HttpFileHost({ session: { upload: () => ({ url: upload.url, token }) } });
      await expect(host.upload(randomBytes(10), { sender: uploader.id })).rejects.toMatchObject({
        code: 'ERR_FILE_HOST_401',
      });
    }
  });

  it('refuses 100 MB while it comes', async () => {
    const host = hostOf(uploader);
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: controller => controller.enqueue(new Uint8Array(65_536).fill(pulled++)),
    });
    await expect(host.upload(endless, { sender: uploader.id, size: 104_857_600 })).rejects.toMatchObject({
      code: 'ERR_FILE_HOST_413',
    });
    expect(pulled).toBeLessThan(200);
  });
});
