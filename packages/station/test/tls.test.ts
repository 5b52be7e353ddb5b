import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, get, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createRouter } from '../src/http/router.js';
import { readTls } from '../src/tls.js';
import { afterTest } from './after-test.js';
import { fileSite, folder, form, hulk } from './http-kit.js';

// made for these tests with openssl, good until 2126; the key opens nothing else
const key = join(import.meta.dirname, 'tls', 'key.pem');
const certificate = join(import.meta.dirname, 'tls', 'certificate.pem');

describe('key and certificate', () => {
  it('are read, and a server can be made of them', async () => {
    const tls = await readTls({ key, certificate });
    expect(tls.expires).toBe(Date.parse('2126-10-29T21:03:03Z') / 1000);
    const server = createServer(tls, (_, response) => response.end('safe'));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    afterTest(() => server.closeAllConnections());
    afterTest(() => server.close());
    const { port } = server.address() as AddressInfo;
    const text = await new Promise(resolve => {
      get({ port, host: '127.0.0.1', rejectUnauthorized: false, agent: false }, answer => {
        answer.setEncoding('utf8').on('data', resolve);
      });
    });
    expect(text).toBe('safe');
  });

  it('that cannot be used are named, with what is wrong', async () => {
    const root = await folder();
    const write = async (name: string, text: string) => {
      await writeFile(join(root, name), text);
      return join(root, name);
    };
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const otherKey = await write('other.pem', other.export({ type: 'pkcs8', format: 'pem' }).toString());
    const sealed = await write(
      'sealed.pem',
      other.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
    );
    const garbage = await write('garbage.pem', 'very secret');
    const missing = join(root, 'missing.pem');
    const cases = [
      [{ key: missing, certificate }, 'TLS key', missing],
      [{ key, certificate: missing }, 'TLS certificate', missing],
      [{ key: root, certificate }, 'EISDIR', root],
      [{ key: garbage, certificate }, 'private key in PEM without passphrase', garbage],
      [{ key: sealed, certificate }, 'private key in PEM without passphrase', sealed],
      [{ key, certificate: garbage }, 'certificate in PEM', garbage],
      [{ key: otherKey, certificate }, 'is not that of the certificate', otherKey],
    ] as const;
    for (const [files, text, path] of cases) {
      const error = await readTls(files).catch((reason: Error) => reason);
      expect(error).toMatchObject({ code: 'ERR_STATION_TLS' });
      expect((error as Error).message).toContain(text);
      expect((error as Error).message).toContain(path);
      expect((error as Error).message).not.toContain('secret');
    }
  });

  it('whose time is over are refused', async () => {
    const end = Date.parse('2126-10-29T21:03:03Z') / 1000;
    await expect(readTls({ key, certificate }, end)).rejects.toMatchObject({ code: 'ERR_STATION_TLS' });
    await expect(readTls({ key, certificate }, end - 1)).resolves.toMatchObject({ expires: end });
  });
});

describe('a station behind TLS', () => {
  it('gives URLs that begin with https', async () => {
    const site = await fileSite();
    const server = createServer(
      await readTls({ key, certificate }),
      createRouter(site.files.routes, () => {}),
    );
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    afterTest(() => server.closeAllConnections());
    afterTest(() => server.close());
    const { port } = server.address() as AddressInfo;
    const body = new Response(form(Uint8Array.of(1)));
    const answer = await new Promise((resolve, reject) => {
      const upload = request(`https://127.0.0.1:${port}/upload/${hulk.address.text}/file`, {
        method: 'POST',
        headers: { ...site.pass(hulk), 'content-type': body.headers.get('content-type') as string },
        rejectUnauthorized: false,
        agent: false,
      });
      upload.on('response', response => response.setEncoding('utf8').on('data', resolve)).on('error', reject);
      body.arrayBuffer().then(data => upload.end(Buffer.from(data)), reject);
    });
    expect(answer).toContain(`"url":"https://127.0.0.1:${port}/download/`);
  });
});
