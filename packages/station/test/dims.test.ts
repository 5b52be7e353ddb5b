import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { parseMeta, verifyMeta } from '@dimp/mkm';
import { defaultProtocol, Facebook } from '@dimp/sdk';
import { openStore } from '@dimp/store';
import { describe, expect, it } from '@jest/globals';
import { settingNames, variableOf } from '../src/cli/settings.js';
import { dims, dimsJson, newFolder, startDims } from './dims-kit.js';

const protocol = defaultProtocol();
const somebody = 'moky@anywhere';
/** What `dims users` tells of those who were ever here. */
const nobody = { known: [], knownCount: 0 };
const control = '\u001b';

async function newData(): Promise<string> {
  return join(await newFolder(), 'data');
}

describe('a station', () => {
  it('starts without a command, tells who it is, and stops in peace', async () => {
    const home = await newFolder();
    const { child, id, url, port, ended } = await startDims(join(home, 'dims'), ['--name', 'sam']);
    expect(id).toMatch(/^sam@/);
    expect(url).toBe(`ws://127.0.0.1:${port}`);
    const { data } = await dimsJson('status', '--data', join(home, 'dims'));
    expect(data).toBe(join(home, 'dims'));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 0 });
    expect(existsSync(join(home, 'dims/admin.json'))).toBe(false);
  });

  it('has its folder with the data of the user, and keeps it to its owner', async () => {
    const home = await newFolder();
    const env = { XDG_DATA_HOME: home, DIMS_KEY_BITS: '1024' };
    const { stdout, status } = await dims(['init'], env);
    expect(status).toBe(0);
    expect(stdout).toContain(join(home, 'dims'));
    expect((await stat(join(home, 'dims/account'))).mode & 0o777).toBe(0o700);
    expect((await dims(['init'], env)).status).toBe(1);
    expect((await dims(['info'], { HOME: home, XDG_DATA_HOME: 'here' })).stderr).toContain(
      join(home, '.local/share/dims'),
    );
  });

  it('has the account of init', async () => {
    const data = await newData();
    const { id } = await dimsJson('init', '--data', data, '--key-bits', '1024');
    const stopped = await dimsJson('info', '--data', data, '--port', '1234');
    expect(stopped).toMatchObject({ id, url: 'ws://127.0.0.1:1234', data });
    const station = await startDims(data);
    expect(station.id).toBe(id);
    const running = await dimsJson('info', '--data', data);
    expect(running).toEqual({ ...stopped, url: station.url });
    const meta = parseMeta(running['meta'], protocol);
    expect(await verifyMeta(meta, new Facebook().parseID(String(id)), protocol)).toBeDefined();
  });

  it('whose making was broken off is none, and is made by the next init', async () => {
    const data = await newData();
    await (await openStore({ location: join(data, 'account'), protocol })).close();
    const { status, stderr } = await dims(['info', '--data', data]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `dims: There is no station in ${data}; make one with "dims init", or name it with --data.\n`,
    });
    const { id } = await dimsJson('init', '--data', data, '--key-bits', '1024', '--name', 'good');
    expect(id).toMatch(/^good@/);
    expect(await dimsJson('info', '--data', data)).toMatchObject({ id });
    await startDims(data);
    expect(await dims(['init', '--data', data])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('already'),
    });
  });

  it('is sealed when told so', async () => {
    const folder = await newFolder();
    const data = join(folder, 'data');
    const file = join(folder, 'passphrase');
    await writeFile(file, 'correct horse\nbattery');
    const { id } = await dimsJson('init', '--data', data, '--key-bits', '1024', '--passphrase-file', file);
    expect(await dimsJson('info', '--data', data, '--passphrase-file', file)).toMatchObject({ id });
    const without = await dims(['start', '--port', '0', '--data', data]);
    expect(without).toMatchObject({ status: 1, stderr: expect.stringContaining('--passphrase-file') });
    await writeFile(file, 'another');
    const wrong = await dims(['info', '--data', data, '--passphrase-file', file]);
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining('does not fit') });
    await writeFile(file, '\n');
    expect((await dims(['info', '--data', data, '--passphrase-file', file])).status).toBe(2);
    expect((await dims(['info', '--data', data, '--passphrase-file', `${file}x`])).status).toBe(2);
  });

  it('ends at once when it is told to a second time', async () => {
    const { child, ended, port } = await startDims(await newData());
    // one who does not answer when he is asked to go
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
    });
    socket.on('error', () => {});
    await once(socket, 'data');
    child.kill('SIGINT');
    await once(socket, 'data');
    // what comes at once is the same signal again, as npx passes it on
    const again = setInterval(() => child.kill('SIGINT'), 200);
    expect(await ended).toMatchObject({ status: 1 });
    clearInterval(again);
    socket.destroy();
  });

  it('stops in peace when it is told twice at once, as npx does', async () => {
    const { child, ended } = await startDims(await newData());
    for (let i = 0; i < 3; i++) child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 0 });
  });
});

describe('what goes wrong is told without a stack, by the status', () => {
  it('a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { readonly port: number };
    const args = ['--port', String(port), '--data', await newData(), '--key-bits', '1024'];
    const { status, stdout, stderr } = await dims(args);
    server.close();
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: `dims: Port ${port} of 127.0.0.1 is taken; stop what listens there, or choose another with --port.\n`,
    });
  });

  it('a folder in which a station runs, and by whom', async () => {
    const data = await newData();
    const { child } = await startDims(data);
    const { status, stderr } = await dims(['--port', '0', '--data', data]);
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`^dims: .*process ${child.pid}.*\\n$`));
  });

  it('a folder that cannot be made', async () => {
    const file = join(await newFolder(), 'file');
    await writeFile(file, 'x');
    for (const data of ['/proc/dimp', file]) {
      for (const command of ['init', 'start']) {
        const { status, stderr } = await dims([command, '--data', data]);
        expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^dims: .*\n$/) });
        expect(stderr).toContain(data);
      }
    }
  });

  it('an address of another machine', async () => {
    const args = ['--host', '192.0.2.1', '--data', await newData(), '--key-bits', '1024'];
    expect(await dims([...args, '--port', '0'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('192.0.2.1 is no address of this machine'),
    });
  });

  it('a folder without station', async () => {
    const data = await newData();
    const commands = [['info'], ['status'], ['users'], ['block', somebody], ['backup', join(data, 'x')]];
    for (const command of commands) {
      const { status, stderr } = await dims([...command, '--data', data]);
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: `dims: There is no station in ${data}; make one with "dims init", or name it with --data.\n`,
      });
      expect(existsSync(data)).toBe(false);
    }
  });

  it.each([
    [['bogus'], '"bogus" is no command'],
    [['--prot', '1'], "unknown option '--prot'"],
    [['--port', '70000'], '--port: expected a whole number from 0 to 65535, got "70000"'],
    [['--port', ''], '--port: expected'],
    [['--host', 'a b'], '--host: expected'],
    [['--url', 'http://x'], '--url: expected'],
    [['--files-url', 'ws://x'], '--files-url: expected'],
    [['--log-level', 'loud'], '--log-level: expected one of'],
    [['--neighbours', 'a,,b'], '--neighbours: expected'],
    [['init', '--name', 'a@b'], '--name: expected 1 to 128 letters without "@", "/" and blanks, got "a@b"'],
    [['init', '--name', 'my station'], '--name: expected'],
    [['init', '--name', 'x'.repeat(5_000)], '--name: expected'],
    [
      ['--neighbours', 'nobody'],
      '--neighbours: expected IDs, with commas between or as a list, got "nobody"',
    ],
    [['--tls-key', 'x'], '--tls-certificate'],
    [['--tls-certificate', 'x'], '--tls-key'],
    [['--config', 'missing.json'], 'missing.json, cannot be read (ENOENT)'],
    [['block'], "missing required argument 'id'"],
    [['block', 'nobody'], '"nobody" is no ID'],
    [['status', '--port', '1'], "unknown option '--port'"],
  ])('usage: %j', async (args, words) => {
    const home = await newFolder();
    const { status, stdout, stderr } = await dims(args, { HOME: home });
    expect(await readdir(home)).toEqual([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toContain('dims --help');
    expect(stderr).not.toContain('    at ');
  });
});

describe('options', () => {
  it('count by flag, then environment, then file, then default', async () => {
    const folder = await newFolder();
    const data = join(folder, 'data');
    await dims(['init', '--data', data, '--key-bits', '1024']);
    const file = join(folder, 'dims.json');
    await writeFile(file, JSON.stringify({ data, host: '127.0.0.2', port: 1001, messagesPerUser: 5 }));
    const urlOf = async (args: readonly string[], env: Record<string, string>) => {
      const { stdout, stderr } = await dims(['info', '--json', ...args], { DIMS_CONFIG: file, ...env });
      return stderr === '' ? JSON.parse(stdout).url : stderr;
    };
    expect(await urlOf([], {})).toBe('ws://127.0.0.2:1001');
    expect(await urlOf([], { DIMS_PORT: '1002', DIMS_HOST: '' })).toBe('ws://127.0.0.2:1002');
    expect(await urlOf(['--port', '1003'], { DIMS_PORT: '1002' })).toBe('ws://127.0.0.2:1003');
    await writeFile(file, JSON.stringify({ data }));
    expect(await urlOf([], {})).toBe('ws://127.0.0.1:9394');
    expect(await urlOf([], { DIMS_PORT: 'x' })).toContain('DIMS_PORT: expected');
  });

  it.each([
    ['{"prot": 1}', '"prot" in'],
    ['{"Messages-per-user": 1}', 'Did you mean "messagesPerUser"?'],
    ['{"port": "x"}', '"port" in'],
    ['{"files": "perhaps"}', 'expected true or false'],
    ['{"__proto__": 1}', '"__proto__" in'],
    ['{"toString": 1}', '"toString" in'],
    ['[1]', 'expected an object'],
    ['{', 'expected JSON text'],
  ])('in a file: %s', async (text, words) => {
    const file = join(await newFolder(), 'dims.json');
    await writeFile(file, text);
    const { status, stderr } = await dims(['--config', file]);
    expect(status).toBe(2);
    expect(stderr).toContain(words);
  });

  it('that are on can be turned off by a flag', async () => {
    const station = await startDims(await newData(), ['--no-files'], { DIMS_FILES: 'true' });
    const response = await fetch(`${station.url.replace('ws', 'http')}/download/x/y`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ message: 'There is nothing here.' });
  });

  it('are all in the help, with examples', async () => {
    const { status, stdout } = await dims(['--help']);
    expect(status).toBe(0);
    for (const name of settingNames) expect(stdout.replaceAll(/\s+/g, ' ')).toContain(variableOf(name));
    expect(stdout).toContain('Examples');
    expect((await dims(['help', 'backup'])).stdout).toContain('--data');
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8'));
    expect((await dims(['--version'])).stdout).toBe(`${version}\n`);
  });
});

describe('colour', () => {
  it('is for terminals', async () => {
    const data = await newData();
    const { stdout } = await dims(['init', '--data', data, '--key-bits', '1024']);
    expect(stdout).not.toContain(control);
    expect((await dims(['info', '--data', data], { FORCE_COLOR: '1' })).stdout).toContain(control);
    expect((await dims(['info', '--data', data], { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain(
      control,
    );
    expect((await dims(['info', '--data', `${data}x`], { FORCE_COLOR: '1' })).stderr).toContain(control);
  });
});

describe('an operator', () => {
  it('asks how a station is, which is a failure when it does not run', async () => {
    const data = await newData();
    const station = await startDims(data);
    expect(await dimsJson('status', '--data', data)).toMatchObject({
      state: 'running',
      id: station.id,
      pid: station.child.pid,
      connections: 0,
      sessions: 0,
      stored: { messages: 0, bytes: 0 },
    });
    const { stdout } = await dims(['status', '--data', data]);
    expect(stdout).toContain('state       running');
    station.child.kill('SIGTERM');
    await station.ended;
    const stopped = await dims(['status', '--data', data, '--json']);
    expect({ ...stopped, stdout: JSON.parse(stopped.stdout) }).toEqual({
      status: 1,
      stdout: { state: 'stopped', data },
      stderr: '',
    });
  });

  it('shuts users out and lets them in, whether it runs or not', async () => {
    const data = await newData();
    const station = await startDims(data);
    await dimsJson('block', somebody, '--data', data);
    expect(await dimsJson('users', '--data', data)).toEqual({ online: [], blocked: [somebody], ...nobody });
    station.child.kill('SIGTERM');
    await station.ended;
    expect(await dimsJson('users', '--data', data)).toEqual({ online: [], blocked: [somebody], ...nobody });
    await dimsJson('unblock', somebody, '--data', data);
    expect((await dims(['block', 'anyone@anywhere', '--data', data])).stdout).toContain(
      'anyone@anywhere is shut out',
    );
    expect((await dims(['users', '--data', data])).stdout).toBe(
      `The station in ${data} does not run, so nobody is online.\n` +
        'online: 0\nblocked: 1\n  anyone@anywhere\nknown: 0\n',
    );
    await startDims(data);
    await dimsJson('unblock', 'anyone@anywhere', '--data', data);
    expect(await dimsJson('users', '--data', data)).toEqual({ online: [], blocked: [], ...nobody });
  });

  it('works on the folder of a station that was killed', async () => {
    const data = await newData();
    const station = await startDims(data);
    await dimsJson('block', somebody, '--data', data);
    station.child.kill('SIGKILL');
    await station.ended;
    expect(existsSync(join(data, 'admin.json'))).toBe(true);
    expect((await dims(['status', '--data', data])).status).toBe(1);
    expect(await dimsJson('users', '--data', data)).toEqual({ online: [], blocked: [somebody], ...nobody });
    const again = await startDims(data);
    expect(again.id).toBe(station.id);
  });
});

describe('a place that cannot be used is named', () => {
  it.each([
    ['start', 'account', 'a part of it is a file'],
    ['init', 'account', 'a part of it is a file'],
    ['status', 'admin.json', 'a part of it is a file'],
  ])('%s where a file is', async (command, name, words) => {
    const data = await newData();
    await writeFile(data, '');
    const { status, stderr } = await dims([command, '--data', data]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(new RegExp(`^dims: ${join(data, name)}.* ${words}.*\\n$`)),
    });
  });

  it('backup into a folder that is not there', async () => {
    const data = await newData();
    await dims(['init', '--data', data, '--key-bits', '1024']);
    const { status, stderr } = await dims(['backup', join(data, 'no/file.tar'), '--data', data]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^dims: .*no\/file\.tar.* its folder, is not there\.\n$/),
    });
  });

  it.each([
    ['altered', /^MANIFEST-/, 'The database was altered '],
    ['broken', /^CURRENT$/, 'The database cannot be read'],
  ])('an account that is %s', async (_, part, words) => {
    const data = await newData();
    await dims(['init', '--data', data, '--key-bits', '1024']);
    const records = join(data, 'account/records');
    const name = (await readdir(records)).find(file => part.test(file));
    await writeFile(join(records, String(name)), 'x');
    const { status, stderr } = await dims(['start', '--data', data]);
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`^dims: ${words}.* "dims restore" makes a new folder\\..*\\n$`));
  });
});
