import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { anyone, type ID } from '@dimp/mkm';
import { fileHostConformance } from '@dimp/sdk/conformance';
import { describe, expect, it } from '@jest/globals';
import { HttpFileHost, type HttpFileHostOptions } from '../src/file-host/index.js';
import { arrival, FileServer, giveHalf, tagOf } from './file-server.js';

const sender: ID = anyone;
const quick = { retrySeconds: 0.001 };

function hostOf(server: FileServer, options: Partial<HttpFileHostOptions> = {}): HttpFileHost {
  return new HttpFileHost({
    session: { upload: () => ({ url: server.uploadUrl, token: 'T' }) },
    ...quick,
    ...options,
  });
}

async function bytesOf(stream: ReadableStream<Uint8Array> | undefined): Promise<Uint8Array> {
  expect(stream).toBeDefined();
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array>).arrayBuffer());
}

/** A stream of pieces, of which it tells how many were asked for. */
function pieces(
  data: Uint8Array,
  size: number,
  ended?: (reason: unknown) => void,
): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (offset >= data.length) controller.close();
        else controller.enqueue(data.slice(offset, offset + size));
        offset += size;
      },
      cancel: reason => ended?.(reason),
    },
    { highWaterMark: 0 },
  );
}

describe('with a file server of generation 2', () => {
  fileHostConformance({ describe, it }, { create: async () => hostOf(await FileServer.start()) });
});

describe('with a file server of generation 1', () => {
  const create = async () => hostOf(await FileServer.start(1), { filename: 'data.png' });
  fileHostConformance({ describe, it }, { create });
});

describe('where requests take no streams', () => {
  fileHostConformance(
    { describe, it },
    { create: async () => hostOf(await FileServer.start(), { streams: false }) },
  );
});

describe('an upload', () => {
  const data = randomBytes(200_000);

  it('goes where the session says, with its token and its length', async () => {
    const server = await FileServer.start();
    const url = await hostOf(server).upload(data, { sender });
    const [seen] = server.uploads;
    expect(seen).toMatchObject({
      path: '/upload/anywhere/file',
      authorization: 'Bearer T',
      filename: 'data.bin',
    });
    expect(Number(seen?.length)).toBeGreaterThan(200_000);
    expect(url).toBe(`${server.url}/download/anywhere/${tagOf(data).slice(1, -1)}.bin`);
  });

  it('goes without length where nobody knows it, and with the name of a file in the clear', async () => {
    const server = await FileServer.start();
    await hostOf(server).upload(pieces(data, 1000), { sender, filename: 'my "holi\r\nday".jpg' });
    expect(server.uploads[0]).toMatchObject({ length: undefined, filename: expect.stringContaining('jpg') });
    expect(server.files.size).toBe(1);
  });

  it('is not taken without a session', async () => {
    const host = new HttpFileHost({ session: { upload: () => undefined } });
    let reason: unknown = 'none';
    const stream = pieces(data, 1000, why => {
      reason = why;
    });
    expect(await host.upload(stream, { sender })).toBeUndefined();
    expect(reason).toBeUndefined();
    expect(await host.download('http://127.0.0.1/x')).toBeUndefined();
  });

  it.each(['', 'ftp://127.0.0.1/', 'http://user:pass@127.0.0.1/x', 'file:///etc'])(
    'does not go to %p',
    async url => {
      const host = new HttpFileHost({ session: { upload: () => ({ url }) } });
      await expect(host.upload(data, { sender })).rejects.toMatchObject({ code: 'ERR_FILE_HOST_URL' });
    },
  );

  it('is told why it was refused, by code where the status is 200', async () => {
    const server = await FileServer.start(1);
    const error = await hostOf(server)
      .upload(data, { sender })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_FILE_HOST_415', isFinal: true });
    expect((error as Error).message).toContain('Unsupported Media Type');
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['no JSON', 200, '<html>', 'ERR_FILE_HOST_ANSWER'],
    ['no place', 200, '{"code":200}', 'ERR_FILE_HOST_ANSWER'],
    ['a name that leads elsewhere', 200, '{"filename":"../x"}', 'ERR_FILE_HOST_ANSWER'],
    ['a URL that is none', 200, '{"url":"javascript:alert(1)"}', 'ERR_FILE_HOST_ANSWER'],
    ['a URL with a password', 200, '{"url":"http://a:b@127.0.0.1/"}', 'ERR_FILE_HOST_ANSWER'],
    ['too much', 200, `{"url":"http://127.0.0.1/${'x'.repeat(100_000)}"}`, 'ERR_FILE_HOST_ANSWER'],
    ['a page of a proxy', 403, '<html>', 'ERR_FILE_HOST_403'],
    ['a way to elsewhere', 302, '', 'ERR_FILE_HOST_MOVED'],
  ])('answered by %s fails', async (_, status, body, code) => {
    const server = await FileServer.start();
    server.intercept = (request, response) => {
      request.resume();
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body);
      return true;
    };
    await expect(hostOf(server).upload(data, { sender })).rejects.toMatchObject({ code, isFinal: true });
  });

  it('takes a URL that begins where it was uploaded', async () => {
    const server = await FileServer.start();
    server.intercept = (request, response) => {
      request.resume();
      response.end('{"code":"200","url":"/download/y"}');
      return true;
    };
    expect(await hostOf(server).upload(data, { sender })).toBe(`${server.url}/download/y`);
  });

  it.each([true, false])('is tried again after the connection was cut (streams: %p)', async streams => {
    const server = await FileServer.start();
    let cuts = 0;
    server.intercept = request => {
      if (cuts++ >= 2) return false;
      request.once('data', () => request.destroy());
      return true;
    };
    const steps: number[] = [];
    const options = { sender, onProgress: (done: number) => steps.push(done) };
    const url = await hostOf(server, { streams }).upload(pieces(data, 1000), options);
    expect(server.files.get(new URL(url as string).pathname)).toEqual(new Uint8Array(data));
    expect(server.requests).toHaveLength(3);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(200_000);
  });

  it('is not tried again when its stream is no longer held', async () => {
    const server = await FileServer.start();
    let came = 0;
    server.intercept = async request => {
      request.on('data', part => {
        came += part.length;
        if (came > 150_000) request.destroy();
      });
      return true;
    };
    const host = hostOf(server, { keepBytes: 100_000 });
    await expect(host.upload(pieces(data, 1000), { sender })).rejects.toMatchObject({
      code: 'ERR_FILE_HOST',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('waits as long as the host asks, and not for a host that asks for too much', async () => {
    const server = await FileServer.start();
    let wait = '0';
    let refusals = 2;
    server.intercept = (request, response) => {
      if (refusals-- <= 0) return false;
      request.resume();
      response.writeHead(503, { 'retry-after': wait }).end('{"code":503,"message":"later"}');
      return true;
    };
    // would wait for an hour by itself
    const host = hostOf(server, { retrySeconds: 3600, maxRetrySeconds: 3600 });
    expect(await host.upload(data, { sender })).toBeDefined();
    [wait, refusals] = ['7200', 1];
    await expect(host.upload(data, { sender })).rejects.toMatchObject({
      code: 'ERR_FILE_HOST_503',
      isFinal: false,
      retryAfter: 7200,
    });
  });

  it('is given up after so many tries', async () => {
    const server = await FileServer.start();
    server.intercept = (_, response) => {
      response.writeHead(500).end();
      return true;
    };
    const host = hostOf(server, { retries: 2 });
    await expect(host.upload(data, { sender })).rejects.toMatchObject({ code: 'ERR_FILE_HOST_500' });
    expect(server.requests).toHaveLength(3);
  });

  it('is not tried again where the disk is full', async () => {
    const server = await FileServer.start();
    server.intercept = (request, response) => {
      request.resume();
      response.writeHead(507).end();
      return true;
    };
    await expect(hostOf(server).upload(data, { sender })).rejects.toMatchObject({ isFinal: true });
    expect(server.requests).toHaveLength(1);
  });

  it('goes on with the token of a handshake that came meanwhile', async () => {
    const server = await FileServer.start();
    const tokens = ['old', 'new'];
    server.intercept = (request, response) => {
      if (request.headers.authorization === 'Bearer new') return false;
      request.resume();
      response.writeHead(401).end('{"code":401}');
      return true;
    };
    const session = { upload: () => ({ url: server.uploadUrl, token: tokens.shift() ?? 'new' }) };
    expect(await new HttpFileHost({ session }).upload(data, { sender })).toBeDefined();
    tokens.push('wrong', 'wrong');
    await expect(new HttpFileHost({ session }).upload(data, { sender })).rejects.toMatchObject({
      code: 'ERR_FILE_HOST_401',
    });
  });

  it('to where nobody listens fails', async () => {
    const closed = createServer();
    await new Promise<void>(resolve => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise(resolve => closed.close(resolve));
    const session = { upload: () => ({ url: `http://127.0.0.1:${port}/` }) };
    const host = new HttpFileHost({ session, ...quick, retries: 1 });
    await expect(host.upload(data, { sender })).rejects.toMatchObject({
      code: 'ERR_FILE_HOST',
      isFinal: false,
    });
  });

  it('that stands still is given up', async () => {
    const server = await FileServer.start();
    server.intercept = () => true;
    const host = hostOf(server, { stallSeconds: 0.5, retries: 1 });
    await expect(host.upload(data, { sender })).rejects.toMatchObject({ code: 'ERR_FILE_HOST_STALLED' });
    expect(server.requests).toHaveLength(2);
  });

  it('of another size than was told fails', async () => {
    const server = await FileServer.start();
    for (const streams of [true, false]) {
      const host = hostOf(server, { streams });
      for (const size of [199_999, 200_001]) {
        const error = await host
          .upload(pieces(data, 1000), { sender, size })
          .catch((reason: unknown) => reason);
        expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_FILE_HOST/) });
      }
    }
    expect(server.files.size).toBe(0);
  });

  it('that is collected has a limit', async () => {
    const server = await FileServer.start();
    const host = hostOf(server, { streams: false, collectBytes: 100_000 });
    await expect(host.upload(pieces(data, 1000), { sender })).rejects.toMatchObject({ code: 'ERR_LIMIT' });
    expect(server.requests).toEqual([]);
  });

  it('stops while it waits for the next try', async () => {
    const server = await FileServer.start();
    const controller = new AbortController();
    server.intercept = (_, response) => {
      response.writeHead(503).end();
      setTimeout(() => controller.abort(new Error('enough')), 20);
      return true;
    };
    const host = hostOf(server, { retrySeconds: 3600, maxRetrySeconds: 3600 });
    await expect(host.upload(data, { sender, signal: controller.signal })).rejects.toThrow('enough');
  });
});

describe('a download', () => {
  const data = new Uint8Array(randomBytes(300_000));

  it('goes on where the connection broke, again and again', async () => {
    const server = await FileServer.start();
    const url = server.put(data);
    const starts: number[] = [];
    server.intercept = async (request, response) => {
      const from = Number(/[0-9]+/.exec(request.headers.range ?? '0')?.[0]);
      starts.push(from);
      if (starts.length > 6) return false;
      await giveHalf(response, data, from, Math.min(from + 40_000, data.length));
      return true;
    };
    const steps: number[] = [];
    const file = await hostOf(server, { retries: 6 }).download(url, { onProgress: done => steps.push(done) });
    expect(await bytesOf(file)).toEqual(data);
    expect(starts).toEqual([0, 40_000, 80_000, 120_000, 160_000, 200_000, 240_000]);
    expect(steps.at(-1)).toBe(300_000);
  });

  it('is given up when nothing comes any more', async () => {
    const server = await FileServer.start();
    const url = server.put(data);
    server.intercept = async (request, response) => {
      if (request.headers.range === undefined) await giveHalf(response, data, 0, 1000);
      else response.destroy();
      return true;
    };
    const file = await hostOf(server, { retries: 3 }).download(url);
    await expect(bytesOf(file)).rejects.toMatchObject({ code: 'ERR_FILE_HOST' });
    expect(server.requests).toHaveLength(4);
  });

  it('does not mix two files', async () => {
    const server = await FileServer.start();
    const url = server.put(data);
    server.intercept = async (request, response) => {
      if (request.headers.range !== undefined) return false;
      await giveHalf(response, data, 0, 1000);
      server.put(new Uint8Array(randomBytes(300_000)));
      return true;
    };
    await expect(bytesOf(await hostOf(server).download(url))).rejects.toMatchObject({
      code: 'ERR_FILE_HOST_CHANGED',
    });
  });

  it.each([
    ['another piece', { 'content-range': 'bytes 999-299999/300000' }],
    ['less than the rest', { 'content-range': 'bytes 1000-2000/300000' }],
    ['the rest of another size', { 'content-range': 'bytes 1000-299998/299999' }],
    ['no place', {}],
    ['another tag', { 'content-range': 'bytes 1000-299999/300000', etag: '"x"' }],
  ])('does not take %s for the rest', async (_, headers) => {
    const server = await FileServer.start();
    const url = server.put(data);
    server.intercept = async (request, response) => {
      if (request.headers.range === undefined) await giveHalf(response, data, 0, 1000);
      else response.writeHead(206, headers).end(data.subarray(1000));
      return true;
    };
    await expect(bytesOf(await hostOf(server).download(url))).rejects.toMatchObject({
      code: 'ERR_FILE_HOST_CHANGED',
    });
  });

  it('that broke on a host without tags is not put together', async () => {
    const server = await FileServer.start(1);
    const url = server.put(data);
    server.intercept = async (_, response) => {
      response.writeHead(200, { 'content-length': data.length });
      await new Promise(resolve => response.write(data.subarray(0, 1000), resolve));
      await arrival();
      response.destroy();
      return true;
    };
    await expect(bytesOf(await hostOf(server).download(url))).rejects.toMatchObject({
      code: 'ERR_FILE_HOST',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('begins again while nothing has come', async () => {
    const server = await FileServer.start(1);
    const url = server.put(data);
    server.intercept = (_, response) => {
      if (server.requests.length > 2) return false;
      if (server.requests.length === 1) response.writeHead(500).end();
      else response.destroy();
      return true;
    };
    expect(await bytesOf(await hostOf(server).download(url))).toEqual(data);
  });

  it('that stands still goes on by another connection', async () => {
    const server = await FileServer.start();
    const url = server.put(data);
    server.intercept = (request, response) => {
      if (request.headers.range !== undefined) return false;
      response
        .writeHead(200, { 'content-length': data.length, etag: tagOf(data) })
        .write(data.subarray(0, 1000));
      return true;
    };
    expect(await bytesOf(await hostOf(server, { stallSeconds: 0.5 }).download(url))).toEqual(data);
  });

  it('waits for its reader as long as that takes', async () => {
    const server = await FileServer.start();
    const file = await hostOf(server, { stallSeconds: 0.5 }).download(server.put(data));
    await new Promise(resolve => setTimeout(resolve, 1200));
    expect(await bytesOf(file)).toEqual(data);
    expect(server.requests).toHaveLength(1);
  });

  it('has a limit, told or not', async () => {
    const server = await FileServer.start();
    const url = server.put(data);
    const host = hostOf(server, { maxDownloadBytes: 299_999 });
    await expect(host.download(url)).rejects.toMatchObject({ code: 'ERR_FILE_HOST_SIZE', isFinal: true });
    server.intercept = (_, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(data);
      return true;
    };
    await expect(bytesOf(await host.download(url))).rejects.toMatchObject({ code: 'ERR_FILE_HOST_SIZE' });
  });

  it('asks nobody but its own host and those it was told', async () => {
    const [own, told, other] = [await FileServer.start(), await FileServer.start(), await FileServer.start()];
    const host = hostOf(own, { allow: [told.url] });
    expect(await bytesOf(await host.download(own.put(data)))).toEqual(data);
    expect(await bytesOf(await host.download(told.put(data)))).toEqual(data);
    expect(await host.download(other.put(data))).toBeUndefined();
    for (const url of [
      '',
      'file:///etc/passwd',
      own.url.replace('http', 'ftp'),
      own.put(data).replace('//', '//a:b@'),
    ]) {
      expect(await host.download(url)).toBeUndefined();
    }
    expect(other.requests).toEqual([]);
    expect([own.requests.length, told.requests.length]).toEqual([1, 1]);
  });

  it('goes with nobody to elsewhere', async () => {
    const [server, other] = [await FileServer.start(), await FileServer.start()];
    server.intercept = (_, response) => {
      response.writeHead(307, { location: other.put(data) }).end();
      return true;
    };
    await expect(hostOf(server).download(`${server.url}/x`)).rejects.toMatchObject({
      code: 'ERR_FILE_HOST_MOVED',
    });
    expect(other.requests).toEqual([]);
  });

  it('has the files of stations from before', async () => {
    const [before, now] = [await FileServer.start(), await FileServer.start()];
    let server = before;
    const host = new HttpFileHost({ session: { upload: () => ({ url: server.uploadUrl }) } });
    const url = (await host.upload(data, { sender })) as string;
    server = now;
    expect(await bytesOf(await host.download(url))).toEqual(data);
  });

  it('stops in the middle', async () => {
    const server = await FileServer.start();
    const url = server.put(data);
    server.intercept = (_, response) => {
      response.writeHead(200, { 'content-length': data.length }).write(data.subarray(0, 1000));
      return true;
    };
    const controller = new AbortController();
    const file = await hostOf(server).download(url, { signal: controller.signal });
    const reader = (file as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    setTimeout(() => controller.abort(new Error('enough')), 20);
    await expect(reader.read()).rejects.toThrow('enough');
  });

  it('that nobody reads on gives its connection back', async () => {
    const server = await FileServer.start();
    const url = server.put(data);
    let closed: Promise<unknown> | undefined;
    server.intercept = (_, response) => {
      closed = new Promise(resolve => response.on('close', resolve));
      response.writeHead(200, { 'content-length': data.length }).write(data.subarray(0, 1000));
      return true;
    };
    await (await hostOf(server).download(url))?.cancel();
    await closed;
    expect(server.requests).toHaveLength(1);
  });
});

describe('origins', () => {
  it.each([
    'files.example.org',
    'https://files.example.org/x',
    'https://a:b@files.example.org',
    'ftp://x',
    '',
  ])('%p is none', text => {
    const make = () => new HttpFileHost({ session: { upload: () => undefined }, allow: [text] });
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
  });
});
