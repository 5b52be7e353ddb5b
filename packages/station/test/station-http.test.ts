import { stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ParseError } from '@dimp/crypto';
import { describe, expect, it } from '@jest/globals';
import { adminRoutes } from '../src/http/admin.js';
import {
  generateAdminAccess,
  readAdminFile,
  removeAdminFile,
  writeAdminFile,
} from '../src/http/admin-file.js';
import { isLocal } from '../src/http/local.js';
import type { StationControl } from '../src/http/station-control.js';
import { type StationHttpParts, stationHttp } from '../src/http/station-http.js';
import { PrometheusMetrics } from '../src/prometheus-metrics.js';
import { fileSite, folder, serve } from './http-kit.js';

class Control implements StationControl {
  isHealthy = true;
  backupBreaks = false;
  readonly done: unknown[] = [];

  health() {
    return { isHealthy: this.isHealthy, state: this.isHealthy ? 'running' : 'stopping' };
  }
  status() {
    return { messages: 3 };
  }
  async users() {
    return ['hulk', 'moki'];
  }
  known() {
    return { known: ['hulk'], knownCount: 7 };
  }
  async setBanned(id: string, isBanned: boolean) {
    if (id === 'nobody') throw new ParseError('ID', 'expected an address');
    this.done.push([id, isBanned]);
  }
  async backup(to: Writable) {
    const breaks = this.backupBreaks;
    await pipeline(async function* () {
      yield Buffer.from('all ');
      if (breaks) throw new Error('disk');
      yield Buffer.from('of it');
    }, to);
  }
  stop() {
    this.done.push('stop');
  }
}

const token = generateAdminAccess('').token;
const pass = { authorization: `Bearer ${token}` };

async function station(parts: Partial<StationHttpParts> = {}) {
  const control = new Control();
  const errors: unknown[] = [];
  const url = await serve(
    stationHttp({
      control,
      routes: adminRoutes(control, token),
      onError: error => errors.push(error),
      ...parts,
    }),
  );
  const get = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers });
  const post = (path: string, body?: unknown, headers: Record<string, string> = pass) =>
    fetch(url + path, { method: 'POST', headers, body: body === undefined ? null : JSON.stringify(body) });
  return { url, control, errors, get, post };
}

describe('health', () => {
  it('is 200, or 503 when it is none', async () => {
    const { get, control } = await station();
    const good = await get('/healthz');
    expect([good.status, await good.json()]).toEqual([200, { healthy: true, state: 'running' }]);
    control.isHealthy = false;
    const bad = await get('/healthz');
    expect([bad.status, await bad.json()]).toEqual([503, { healthy: false, state: 'stopping' }]);
  });
});

describe('metrics', () => {
  const metrics = () => {
    const some = new PrometheusMetrics();
    some.stored(700);
    return some;
  };

  it('are told to this machine in the form of Prometheus', async () => {
    const { get } = await station({ metrics: metrics() });
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toContain('dimp_station_stored_bytes_total 700\n');
  });

  it('are told to others only where the operator says so', async () => {
    const proxied = { 'x-forwarded-for': '203.0.113.9' };
    const closed = await station({ metrics: metrics() });
    expect((await closed.get('/metrics', proxied)).status).toBe(404);
    const open = await station({ metrics: metrics(), openMetrics: true });
    expect((await open.get('/metrics', proxied)).status).toBe(200);
    expect((await (await station()).get('/metrics')).status).toBe(404);
  });
});

describe('admin requests', () => {
  it('ask how it stands', async () => {
    const { get } = await station();
    expect(await (await get('/admin/status', pass)).json()).toEqual({ messages: 3 });
    expect(await (await get('/admin/users', pass)).json()).toEqual({ users: ['hulk', 'moki'] });
    expect(await (await get('/admin/known', pass)).json()).toEqual({ known: ['hulk'], knownCount: 7 });
  });

  it('shut users out and let them in', async () => {
    const { post, control } = await station();
    expect((await post('/admin/block', { id: 'hulk' })).status).toBe(200);
    expect((await post('/admin/unblock', { id: 'hulk' })).status).toBe(200);
    expect((await post('/admin/stop')).status).toBe(202);
    expect(control.done).toEqual([['hulk', true], ['hulk', false], 'stop']);
  });

  it.each([
    [{ id: 'nobody' }, 400],
    [{}, 400],
    ['text', 400],
    [undefined, 400],
    [{ id: 'x'.repeat(5000) }, 413],
  ])('are refused with %p', async (body, status) => {
    const { post, control, errors } = await station();
    expect((await post('/admin/block', body)).status).toBe(status);
    expect([control.done, errors]).toEqual([[], []]);
  });

  it('fetch a backup, which breaks off when it is not whole', async () => {
    const { get, control, errors } = await station();
    expect(await (await get('/admin/backup', pass)).text()).toBe('all of it');
    control.backupBreaks = true;
    await expect(get('/admin/backup', pass).then(answer => answer.text())).rejects.toThrow();
    expect(errors).toHaveLength(1);
  });

  it('need the token, whatever they ask', async () => {
    const { get, post, control } = await station();
    const wrong = [{}, { authorization: 'Bearer ' }, { authorization: `Bearer ${'0'.repeat(64)}` }];
    for (const headers of wrong) {
      for (const path of ['status', 'users', 'backup']) {
        expect((await get(`/admin/${path}`, headers)).status).toBe(401);
      }
      for (const path of ['block', 'unblock', 'stop']) {
        expect((await post(`/admin/${path}`, { id: 'hulk' }, headers)).status).toBe(401);
      }
    }
    expect(control.done).toEqual([]);
  });

  it('are not there for other machines, nor for pages', async () => {
    const { files } = await fileSite();
    const { get, url } = await station({ files });
    for (const name of ['x-forwarded-for', 'forwarded', 'via']) {
      expect((await get('/admin/status', { ...pass, [name]: 'for=203.0.113.9' })).status).toBe(404);
    }
    const preflight = await fetch(`${url}/admin/status`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(405);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect((await get('/admin/status', pass)).headers.get('access-control-allow-origin')).toBeNull();
    expect((await get('/download/x/y')).headers.get('access-control-allow-origin')).toBe('*');
  });

  it('that fail are told little, and the log everything', async () => {
    const { get, control, errors } = await station();
    const cause = new Error('secret');
    control.users = async () => {
      throw cause;
    };
    const answer = await get('/admin/users', pass);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(errors).toEqual([cause]);
  });
});

describe('this machine', () => {
  it.each([
    ['127.0.0.1:80', true],
    ['localhost:9394', true],
    ['[::1]:9394', true],
    ['rebound.example.org', false],
    ['', false],
  ])('is meant by the host %p: %p', async (host, expected) => {
    let found: boolean | undefined;
    const server = createServer((request, response) => {
      found = isLocal(request);
      response.end();
    });
    await new Promise<void>(resolve => server.listen(0, '::', resolve));
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    await new Promise(resolve => socket.resume().on('close', resolve));
    await new Promise(resolve => server.close(resolve));
    expect(found).toBe(expected);
  });

  it('is not another one', () => {
    const request = (remoteAddress: string | undefined, localAddress = '192.0.2.1') =>
      isLocal({ headers: { host: '192.0.2.1' }, socket: { remoteAddress, localAddress } } as never);
    expect(request('203.0.113.9')).toBe(false);
    expect(request('2001:db8::1')).toBe(false);
    expect(request('::ffff:203.0.113.9')).toBe(false);
    expect(request(undefined)).toBe(false);
    expect(request('192.0.2.1')).toBe(true);
    expect(request('::ffff:127.0.0.1')).toBe(true);
    expect(request('::1')).toBe(true);
  });
});

describe('the admin file', () => {
  it('is for its owner only, and goes with its station', async () => {
    const path = join(await folder(), 'admin.json');
    expect(await readAdminFile(path)).toBeUndefined();
    const access = generateAdminAccess('http://127.0.0.1:9394');
    await writeAdminFile(path, access);
    expect(await readAdminFile(path)).toEqual(access);
    expect(access).toMatchObject({ pid: process.pid, token: expect.stringMatching(/^[0-9a-f]{64}$/) });
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    const next = generateAdminAccess('http://127.0.0.1:9395');
    await writeAdminFile(path, next);
    await removeAdminFile(path, access);
    expect(await readAdminFile(path)).toEqual(next);
    await removeAdminFile(path, next);
    expect(await readAdminFile(path)).toBeUndefined();
  });

  it('with something else in it is an error', async () => {
    const path = join(await folder(), 'admin.json');
    await writeFile(path, '{"pid":1}');
    await expect(readAdminFile(path)).rejects.toMatchObject({ code: 'ERR_PARSE' });
  });
});
