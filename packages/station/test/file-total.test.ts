import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ID } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { type Answer, type FileSite, fileSite, form, hulk, moki, socketTo, until } from './http-kit.js';

async function post(
  site: FileSite,
  user: ID,
  data: Uint8Array,
): Promise<Answer & { readonly retry: unknown }> {
  const response = await fetch(`${site.url}/upload/${user.address.text}/file`, {
    method: 'POST',
    body: form(data),
    headers: site.pass(user),
  });
  const answer = (await response.json()) as Answer;
  expect(answer.code).toBe(response.status);
  return { ...answer, retry: response.headers.get('retry-after') };
}

const full = {
  code: 507,
  message: 'The station keeps as many bytes of files as it may already.',
  retry: '3600',
};

describe('the bytes of all files', () => {
  it('are bounded, whoever they are from, and nothing is left of what was too much', async () => {
    const site = await fileSite({ totalBytes: 16_384 });
    expect(await post(site, hulk, randomBytes(8_000))).toMatchObject({ code: 200 });
    expect(await post(site, moki, randomBytes(8_193))).toMatchObject(full);
    expect(await post(site, moki, randomBytes(4_000))).toMatchObject({ code: 200 });
    expect(await post(site, moki, randomBytes(4_096))).toMatchObject({ code: 200 });
    expect(site.files.count).toEqual({ files: 3, bytes: 16_096 });
    expect(await post(site, hulk, randomBytes(4_000))).toMatchObject(full);
    expect(await readdir(join(site.root, 'partial'))).toEqual([]);
    expect(site.errors).toEqual([]);
  });

  it('are those of earlier runs too', async () => {
    const { root } = await fileSite();
    const before = await fileSite({}, { folder: root });
    await post(before, hulk, randomBytes(9_000));
    const site = await fileSite({ totalBytes: 12_288 }, { folder: root });
    expect(await post(site, moki, randomBytes(1))).toMatchObject(full);
    expect(site.files.count).toEqual({ files: 1, bytes: 9_000 });
  });

  it('become less when files come to their end', async () => {
    const site = await fileSite({ totalBytes: 12_288, days: 1 });
    await post(site, hulk, randomBytes(9_000));
    expect(await post(site, moki, randomBytes(1))).toMatchObject(full);
    await site.files.sweep(Date.now() / 1000 + 2 * 86_400);
    expect(site.files.count).toEqual({ files: 0, bytes: 0 });
    expect(await post(site, moki, randomBytes(1))).toMatchObject({ code: 200 });
  });

  it('are those under way too, which count no more when they break off', async () => {
    const site = await fileSite({ totalBytes: 20_000 });
    const socket = await socketTo(site.url);
    socket.write(
      [
        `POST /upload/${hulk.address.text}/file HTTP/1.1`,
        'Host: x',
        `Authorization: ${site.pass(hulk).authorization}`,
        'Content-Type: multipart/form-data; boundary=xxxx',
        'Content-Length: 100000',
        '',
        '--xxxx\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n',
        'x'.repeat(15_000),
      ].join('\r\n'),
    );
    // how much of it has arrived shows only in what others may send
    await until(async () => (await post(site, moki, randomBytes(9_000))).code === 507);
    socket.destroy();
    await until(async () => (await readdir(join(site.root, 'partial'))).length === 0);
    expect(await post(site, moki, randomBytes(6_000))).toMatchObject({ code: 200 });
  });
});
