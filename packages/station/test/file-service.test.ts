import { createHash } from 'node:crypto';
import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Answer, fileSite, form, hulk, moki } from './http-kit.js';

const data = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) & 0xff);
const md5 = createHash('md5').update(data).digest('hex');
const address = hulk.address.text;

async function upload(url: string, init: RequestInit): Promise<Answer & { readonly status: number }> {
  const response = await fetch(url, { method: 'POST', ...init });
  return { status: response.status, ...((await response.json()) as Answer) };
}

async function bytesOf(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}

describe('uploads', () => {
  it.each([
    ['/upload/{ID}/file', 'file', 'download'],
    ['/upload/{ID}/avatar', 'file', 'avatar'],
    ['/upload/{ID}/avatar', 'avatar', 'avatar'],
    ['/{ID}/upload', 'file', 'download'],
    ['/{ID}/upload', 'avatar', 'avatar'],
  ])('takes %s with field %s', async (path, field, kind) => {
    const { url, pass, files } = await fileSite();
    for (const id of [address, hulk.text, `${hulk.text}/phone`]) {
      const target = url + path.replace('{ID}', encodeURIComponent(id));
      const answer = await upload(target, { body: form(data, 'Photo.PNG', field), headers: pass(hulk) });
      expect(answer).toEqual({
        status: 200,
        code: 200,
        message: 'The file is here.',
        filename: `${md5}.png`,
        url: `${url}/${kind}/${address}/${md5}.png`,
      });
      expect(await bytesOf(answer.url as string)).toEqual(data);
    }
    expect(await bytesOf(`${url}/${kind}/${encodeURIComponent(hulk.text)}/${md5}.png`)).toEqual(data);
    expect(files.count).toEqual({ files: 1, bytes: 5000 });
  });

  it('takes a file of no bytes, and one as large as allowed', async () => {
    const { url, pass } = await fileSite({ maxBytes: 5000 });
    const target = `${url}/upload/${address}/file`;
    const empty = await upload(target, { body: form(new Uint8Array(0), 'nothing'), headers: pass(hulk) });
    expect(empty.filename).toBe('d41d8cd98f00b204e9800998ecf8427e');
    expect(await bytesOf(empty.url as string)).toEqual(new Uint8Array(0));
    expect(await upload(target, { body: form(data), headers: pass(hulk) })).toMatchObject({ code: 200 });
  });

  it('takes what old forms hold beside the file', async () => {
    const { url, pass } = await fileSite();
    const body = new FormData();
    body.append('ID', hulk.text);
    body.append('file', new Blob([data]), '../../../etc/passwd.tar.gz');
    body.append('more', 'x');
    const answer = await upload(`${url}/upload/${address}/file`, { body, headers: pass(hulk) });
    expect(answer.filename).toBe(`${md5}.gz`);
  });

  it('gives URLs that begin as the operator says', async () => {
    const { url, pass } = await fileSite({ url: 'https://files.example.org/dim/' });
    const answer = await upload(`${url}/upload/${address}/file`, { body: form(data), headers: pass(hulk) });
    expect(answer.url).toBe(`https://files.example.org/dim/download/${address}/${md5}.bin`);
  });

  it('wants the token of the user whose path it is', async () => {
    const { url, pass, root } = await fileSite();
    const target = `${url}/upload/${address}/file`;
    for (const headers of [{}, pass(moki), { authorization: 'Bearer x' }, { authorization: 'Basic eDp5' }]) {
      const answer = await upload(target, { body: form(data), headers });
      expect([answer.status, answer.code]).toEqual([401, 401]);
    }
    expect(await readdir(join(root, 'files'))).toEqual([]);
  });

  it('needs none where uploads are open, but a wrong one stays wrong', async () => {
    const { url, pass } = await fileSite({ openUploads: true });
    const target = `${url}/${address}/upload`;
    expect(await upload(target, { body: form(data) })).toMatchObject({ code: 200 });
    expect(await upload(target, { body: form(data), headers: pass(moki) })).toMatchObject({ code: 401 });
  });

  it('takes nothing from whom the operator has shut out', async () => {
    const isBanned = (who: { readonly text: string }) => who.text === address;
    const { url, pass } = await fileSite({}, { isBanned });
    const answer = await upload(`${url}/upload/${address}/file`, { body: form(data), headers: pass(hulk) });
    expect(answer.code).toBe(403);
  });

  it('keeps as much as a user may have, in blocks, and the same file once', async () => {
    const { url, pass, root } = await fileSite({ bytesPerUser: 20_000 });
    const target = `${url}/upload/${address}/file`;
    const headers = pass(hulk);
    for (let i = 0; i < 3; i++) {
      expect(await upload(target, { body: form(data), headers })).toMatchObject({ code: 200 });
    }
    const small = (i: number) => upload(target, { body: form(Uint8Array.of(i)), headers });
    expect(await small(1)).toMatchObject({ code: 200 });
    expect(await small(2)).toMatchObject({ code: 200 });
    const other = form(data.map(byte => byte ^ 1));
    expect(await upload(target, { body: other, headers })).toMatchObject({ status: 403, code: 403 });
    expect(await readdir(join(root, 'partial'))).toEqual([]);
    expect(await readdir(join(root, 'files', address))).toHaveLength(3);
    // others are not held up by him, and a station that starts again counts the same
    const again = await fileSite({ bytesPerUser: 20_000 }, { folder: root });
    const retry = { body: form(data.map(byte => byte ^ 1)), headers: again.pass(hulk) };
    expect(await upload(`${again.url}/upload/${address}/file`, retry)).toMatchObject({ code: 403 });
    const third = { body: form(data), headers: again.pass(moki) };
    expect(await upload(`${again.url}/upload/${moki.address.text}/file`, third)).toMatchObject({ code: 200 });
  });

  it.each([
    ['no address', '/upload/nobody/file'],
    ['a broken address', `/upload/${address.slice(1)}/file`],
    ['a way out', '/upload/..%2F..%2Fetc/file'],
    ['a way out beside an address', `/upload/..@${address}%2F..%2F../nothing`],
    ['no path of ours', '/upload'],
  ])('has no place for %s', async (_, path) => {
    const { url } = await fileSite({ openUploads: true });
    expect(await upload(url + path, { body: form(data) })).toMatchObject({ status: 404, code: 404 });
  });
});

describe('sweeping', () => {
  it('removes old files and gives their room back; avatars stay', async () => {
    const { url, pass, root, files } = await fileSite({ days: 10, bytesPerUser: 20_000 });
    const headers = pass(hulk);
    const target = `${url}/upload/${address}/file`;
    await upload(target, { body: form(data), headers });
    await upload(`${url}/upload/${address}/avatar`, { body: form(data, 'me.png'), headers });
    const now = Date.now() / 1000;
    expect(await files.sweep(now)).toEqual({ files: 2, bytes: 10_000 });
    const path = join(root, 'files', address, `${md5}.bin`);
    await utimes(path, now, now - 9 * 86_400);
    expect(await files.sweep(now)).toEqual({ files: 2, bytes: 10_000 });
    for (const old of [path, join(root, 'avatars', address, `${md5}.png`)]) {
      await utimes(old, now, now - 11 * 86_400);
    }
    const other = { body: form(data.map(byte => byte ^ 1)), headers };
    expect(await files.sweep(now)).toEqual({ files: 1, bytes: 5000 });
    expect((await fetch(`${url}/download/${address}/${md5}.bin`)).status).toBe(404);
    expect(await readdir(join(root, 'files'))).toEqual([]);
    expect(await upload(target, other)).toMatchObject({ code: 200 });
    expect(files.count).toEqual({ files: 2, bytes: 10_000 });
  });

  it('keeps what was uploaded again', async () => {
    const { url, pass, root, files } = await fileSite({ days: 10 });
    const again = () => upload(`${url}/upload/${address}/file`, { body: form(data), headers: pass(hulk) });
    await again();
    const path = join(root, 'files', address, `${md5}.bin`);
    await utimes(path, 1, 1);
    await again();
    expect((await stat(path)).mtimeMs).toBeGreaterThan(1_000_000);
    expect(await files.sweep(Date.now() / 1000)).toEqual({ files: 1, bytes: 5000 });
  });
});

describe('closing', () => {
  it('takes nothing more', async () => {
    const { url, pass, files } = await fileSite();
    await files.close();
    const answer = await fetch(`${url}/upload/${address}/file`, {
      method: 'POST',
      body: form(data),
      headers: pass(hulk),
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
  });
});
