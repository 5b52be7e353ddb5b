import { describe, expect, it } from '@jest/globals';
import { type Answer, type FileSite, fileSite, form, hulk, readAll, socketTo } from './http-kit.js';

const data = Uint8Array.from({ length: 1000 }, (_, i) => (i * 3) & 0xff);
const address = hulk.address.text;

async function withFile(kind = 'file', filename = 'a.bin'): Promise<FileSite & { readonly file: string }> {
  const site = await fileSite();
  const response = await fetch(`${site.url}/upload/${address}/${kind}`, {
    method: 'POST',
    body: form(data, filename),
    headers: site.pass(hulk),
  });
  const { url } = (await response.json()) as Answer;
  return { ...site, file: url as string };
}

async function get(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(url, { headers, method });
  return { response, body: new Uint8Array(await response.arrayBuffer()) };
}

describe('a download', () => {
  it('says of a file nothing that a browser would make a page of', async () => {
    const { file } = await withFile('file', 'evil.html');
    const { response, body } = await get(file);
    expect(body).toEqual(data);
    const { headers } = response;
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f]{32}\.html"$/);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('content-length')).toBe('1000');
    expect(headers.get('accept-ranges')).toBe('bytes');
  });

  it('gives the picture of a user as one, by each of its paths', async () => {
    const { url, file } = await withFile('avatar', 'me.JPG');
    for (const path of [
      file,
      `${url}/avatar/${address}.jpg`,
      `${url}/${encodeURIComponent(hulk.text)}/avatar.jpg`,
    ]) {
      const { response, body } = await get(path);
      expect(body).toEqual(data);
      expect(response.headers.get('content-type')).toBe('image/jpeg');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect((await get(`${url}/avatar/${address}.png`)).response.status).toBe(404);
    expect((await get(`${url}/${address}/photo.jpg`)).response.status).toBe(404);
  });

  it('gives the newest picture under the name of the user', async () => {
    const { url, pass } = await withFile('avatar', 'me.png');
    const newer = data.map(byte => byte ^ 1);
    await fetch(`${url}/upload/${address}/avatar`, {
      method: 'POST',
      body: form(newer, 'new.png'),
      headers: pass(hulk),
    });
    const { response, body } = await get(`${url}/avatar/${address}.png`);
    expect(body).toEqual(newer);
    expect(response.headers.get('cache-control')).toBe('no-cache');
  });

  it('answers HEAD without a body', async () => {
    const { file, url } = await withFile();
    const { response, body } = await get(file, {}, 'HEAD');
    expect([response.status, response.headers.get('content-length'), body.length]).toEqual([200, '1000', 0]);
    expect((await get(`${url}/download/${address}/nothing`, {}, 'HEAD')).response.status).toBe(404);
  });

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100-', 100, 1000],
    ['bytes=-10', 990, 1000],
    ['bytes=999-5000', 999, 1000],
    ['bytes=-5000', 0, 1000],
  ])('gives the piece %s', async (range, start, end) => {
    const { file } = await withFile();
    const { response, body } = await get(file, { range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/1000`);
    expect(body).toEqual(data.slice(start, end));
  });

  it.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])('refuses the piece %s', async range => {
    const { file } = await withFile();
    const { response } = await get(file, { range });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */1000');
  });

  it.each(['bytes=9-2', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=', 'bytes=-', 'bytes=a-b'])(
    'gives the whole where %s means nothing',
    async range => {
      const { file } = await withFile();
      const { response, body } = await get(file, { range });
      expect(response.status).toBe(200);
      expect(body).toEqual(data);
    },
  );

  it('goes on with a piece only of the same bytes', async () => {
    const { file } = await withFile();
    const tag = (await get(file)).response.headers.get('etag') as string;
    const same = await get(file, { range: 'bytes=10-', 'if-range': tag });
    expect([same.response.status, same.body.length]).toEqual([206, 990]);
    const other = await get(file, { range: 'bytes=10-', 'if-range': '"another"' });
    expect([other.response.status, other.body.length]).toEqual([200, 1000]);
    const dated = await get(file, { range: 'bytes=10-', 'if-range': new Date().toUTCString() });
    expect(dated.response.status).toBe(200);
    expect((await get(file, { 'if-none-match': `"x", ${tag}` })).response.status).toBe(304);
  });

  it('tells pages of other origins what they may ask', async () => {
    const { file } = await withFile();
    const { response } = await get(file, {}, 'OPTIONS');
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-headers')).toContain('Authorization');
    const wrong = await get(file, {}, 'DELETE');
    expect([wrong.response.status, wrong.response.headers.get('allow')]).toEqual([405, 'GET']);
  });
});

describe('names that lead elsewhere', () => {
  it('find nothing', async () => {
    const site = await withFile();
    const name = new URL(site.file).pathname.split('/').at(-1) as string;
    const names = [
      `/download/${address}/../${address}/${name}`,
      `/download/${address}/%2e%2e%2f${address}%2f${name}`,
      `/download/..%2f..%2f..%2fetc/passwd`,
      `/download/${address}/${name}%00`,
      `/download/${address}/${name}/`,
      `/download/%2e%2e/files`,
      `/download//${name}`,
      `/download/${address}/current.png`,
      `/avatar/..%2f${address}.png`,
      `/../../../../etc/passwd`,
      '/download/anywhere/../../x',
      '//etc/passwd',
    ];
    for (const path of names) {
      const socket = await socketTo(site.url);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect([path, (await readAll(socket)).split('\r\n')[0]]).toEqual([path, 'HTTP/1.1 404 Not Found']);
    }
    expect(site.errors).toEqual([]);
  });
});

describe('paths that are none', () => {
  it.each([
    ['/download/%ff%fe/x', '400 Bad Request'],
    ['/%', '400 Bad Request'],
    ['download', '400 Bad Request'],
    [`/${'x'.repeat(3000)}`, '414 URI Too Long'],
  ])('%s', async (path, status) => {
    const { url } = await fileSite();
    const socket = await socketTo(url);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect((await readAll(socket)).split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
  });
});
