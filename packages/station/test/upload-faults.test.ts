import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { afterTest, every } from './after-test.js';
import {
  type Answer,
  type FileSite,
  fileSite,
  folder,
  form,
  hulk,
  readAll,
  socketTo,
  until,
} from './http-kit.js';

const address = hulk.address.text;
const boundary = 'xxxx';
const part =
  `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n` +
  'Content-Type: application/octet-stream\r\n\r\n';

function head(site: FileSite, length: number | 'chunked'): string {
  return [
    `POST /upload/${address}/file HTTP/1.1`,
    'Host: x',
    `Authorization: ${site.pass(hulk).authorization}`,
    `Content-Type: multipart/form-data; boundary=${boundary}`,
    length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`,
    '\r\n',
  ].join('\r\n');
}

async function post(site: FileSite, data: Uint8Array): Promise<Answer> {
  const response = await fetch(`${site.url}/upload/${address}/file`, {
    method: 'POST',
    body: form(data),
    headers: site.pass(hulk),
  });
  const answer = (await response.json()) as Answer;
  expect(answer.code).toBe(response.status);
  return answer;
}

/** Everything that lies in the folder, whatever its state. */
async function filesIn(root: string): Promise<readonly string[]> {
  const all = await readdir(root, { recursive: true, withFileTypes: true });
  return all.filter(one => one.isFile()).map(one => one.name);
}

describe('an upload that', () => {
  it('is cut off leaves nothing', async () => {
    const site = await fileSite();
    const socket = await socketTo(site.url);
    socket.write(head(site, 1_000_000) + part + 'x'.repeat(200_000));
    await until(async () => (await filesIn(site.root)).length === 1);
    socket.destroy();
    await until(async () => (await filesIn(site.root)).length === 0);
    expect(await post(site, randomBytes(100))).toMatchObject({ code: 200 });
    expect(site.errors).toEqual([]);
  });

  it('ends before its form does leaves nothing', async () => {
    const site = await fileSite();
    const body = `${part}half a file`;
    const socket = await socketTo(site.url);
    const answer = readAll(socket);
    socket.write(head(site, body.length).replace('Host', 'Connection: close\r\nHost') + body);
    expect(await answer).toContain('"code":400');
    expect(await filesIn(site.root)).toEqual([]);
    expect(site.errors).toEqual([]);
  });

  it('comes in pieces of one byte is taken', async () => {
    const site = await fileSite();
    const socket = await socketTo(site.url);
    socket.setNoDelay(true);
    const body = `${part}\r\n--xxx is no end\r\n--${boundary}--\r\n`;
    const answer = readAll(socket);
    socket.write(head(site, 'chunked').replace('Host', 'Connection: close\r\nHost'));
    for (const byte of Buffer.from(body)) {
      socket.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]));
      await new Promise(setImmediate);
    }
    socket.write('0\r\n\r\n');
    expect(await answer).toContain('"code":200');
  });

  it('stands still is given up, and told so', async () => {
    const site = await fileSite({ idleSeconds: 0.2 });
    const socket = await socketTo(site.url);
    const answer = readAll(socket);
    socket.write(`${head(site, 1_000_000) + part}a few bytes`);
    expect(await answer).toContain('408 Request Timeout');
    expect(await filesIn(site.root)).toEqual([]);
  });

  it('creeps is given up when its time is over', async () => {
    const site = await fileSite({ idleSeconds: 60, uploadSeconds: 0.3 });
    const socket = await socketTo(site.url);
    const answer = readAll(socket);
    socket.write(head(site, 1_000_000) + part);
    every(20, () => socket.write('x'));
    expect(await answer).toContain('408 Request Timeout');
    expect(await filesIn(site.root)).toEqual([]);
  });

  it('announces 100 MB is refused before it comes', async () => {
    const site = await fileSite();
    const socket = await socketTo(site.url);
    const answer = readAll(socket);
    socket.write(head(site, 104_857_600));
    expect(await answer).toMatch(/413 Payload Too Large.*"code":413/s);
  });

  it('is 100 MB gets its answer in the middle of sending', async () => {
    const site = await fileSite();
    const response = await fetch(`${site.url}/upload/${address}/file`, {
      method: 'POST',
      body: form(new Uint8Array(104_857_600)),
      headers: site.pass(hulk),
    });
    expect(response.status).toBe(413);
  });

  it('does not say its size is ended at the limit', async () => {
    const site = await fileSite({ maxBytes: 1000 });
    const socket = await socketTo(site.url);
    const answer = readAll(socket);
    const body = part + 'x'.repeat(1001);
    socket.write(`${head(site, 'chunked')}${body.length.toString(16)}\r\n${body}\r\n`);
    expect(await answer).toContain('"code":413');
    expect(await filesIn(site.root)).toEqual([]);
  });

  it('is one too many of its user has to wait', async () => {
    const site = await fileSite({ uploadsPerUser: 1 });
    const socket = await socketTo(site.url);
    socket.write(`${head(site, 1_000_000) + part}x`);
    await until(async () => (await filesIn(site.root)).length === 1);
    expect(await post(site, randomBytes(10))).toMatchObject({ code: 429 });
    socket.destroy();
    await until(async () => (await filesIn(site.root)).length === 0);
    await until(async () => (await post(site, randomBytes(10))).code === 200);
  });

  it('is one too many in all has to wait; closing waits for it', async () => {
    const site = await fileSite({ transfers: 1 });
    const socket = await socketTo(site.url);
    socket.write(`${head(site, 1_000_000) + part}x`);
    await until(async () => (await filesIn(site.root)).length === 1);
    expect(await post(site, randomBytes(10))).toMatchObject({ code: 503 });
    let closed = false;
    const closing = site.files.close().then(() => {
      closed = true;
    });
    await new Promise(setImmediate);
    expect(closed).toBe(false);
    socket.destroy();
    await closing;
  });

  it.each([
    ['another type', 'application/json', '{}', 415],
    ['no boundary', 'multipart/form-data; charset=x', 'x', 400],
    ['no file', `multipart/form-data; boundary=${boundary}`, `--${boundary}--\r\n`, 400],
    [
      'a field of another name',
      `multipart/form-data; boundary=${boundary}`,
      `${part.replace('"file"', '"x"')}x\r\n--${boundary}--\r\n`,
      400,
    ],
  ])('has %s is refused', async (_, type, body, status) => {
    const site = await fileSite();
    const response = await fetch(`${site.url}/upload/${address}/file`, {
      method: 'POST',
      body,
      headers: { ...site.pass(hulk), 'content-type': type },
    });
    expect(((await response.json()) as Answer).code).toBe(status);
    expect(await filesIn(site.root)).toEqual([]);
  });
});

describe('what a station that was killed left half written', () => {
  it('is gone after the next start', async () => {
    const root = await folder();
    await mkdir(join(root, 'partial'));
    await writeFile(join(root, 'partial', 'half'), 'x');
    await fileSite({}, { folder: root });
    expect(await filesIn(root)).toEqual([]);
  });
});

/** A file system of one megabyte, where one may mount such; else a disk whose writes fail from some byte on. */
async function smallDisk(): Promise<string> {
  const root = await folder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', root], { stdio: 'ignore' });
  } catch {
    const some = await open(join(root, 'some'), 'w');
    const prototype = Object.getPrototypeOf(some) as FileHandle;
    await some.close();
    const { writeFile: good } = prototype;
    let left = 1_048_576;
    prototype.writeFile = async function (this: FileHandle, data) {
      left -= (data as Uint8Array).length;
      if (left < 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      return good.call(this, data);
    };
    afterTest(async () => Object.assign(prototype, { writeFile: good }));
    return root;
  }
  afterTest(async () => execFileSync('umount', [root]));
  return root;
}

describe('a full disk', () => {
  it('is told by 507, and holds nothing half', async () => {
    const site = await fileSite({}, { folder: await smallDisk() });
    expect(await post(site, randomBytes(700_000))).toMatchObject({ code: 200 });
    const before = await filesIn(site.root);
    expect(await post(site, randomBytes(700_000))).toMatchObject({ code: 507 });
    expect(await filesIn(site.root)).toEqual(before);
    expect(await post(site, randomBytes(1000))).toMatchObject({ code: 200 });
    expect(site.files.count.files).toBe(2);
  });
});
