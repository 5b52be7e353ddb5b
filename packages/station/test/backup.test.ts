import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createText } from '@dimp/dkd';
import { createContactList, Messenger } from '@dimp/sdk';
import { describe, expect, it } from '@jest/globals';
import { takeSnapshot } from '../src/cli/snapshot.js';
import { dims, dimsJson, newFolder, type RunningStation, startDims } from './dims-kit.js';
import { Client, introduce, newPerson, type Person } from './inbound-kit.js';
import { connectWeb, until } from './socket-kit.js';

const tarName = 'station.tar';

async function logIn(person: Person, { url, id }: RunningStation, ack = false): Promise<Client> {
  const client = new Client(person, await connectWeb(url), person.facebook.parseID(id));
  await client.logIn({ extra: ack ? { ack } : {} });
  return client;
}

async function twoFriends(): Promise<readonly [Person, Person]> {
  const [alice, bob] = [await newPerson('alice'), await newPerson('bob')];
  await introduce(alice, bob);
  await introduce(bob, alice);
  return [alice, bob];
}

/** Restores a backup and starts a station on it. */
async function startFrom(file: string): Promise<{ readonly data: string; readonly station: RunningStation }> {
  const data = join(await newFolder(), 'data');
  await dimsJson('restore', file, '--data', data);
  return { data, station: await startDims(data) };
}

describe('a backup', () => {
  it('of a station under way holds what was acknowledged before, in order', async () => {
    const folder = await newFolder();
    const data = join(folder, 'data');
    const station = await startDims(data, ['--bytes-per-second', '100000000']);
    const [alice, bob] = await twoFriends();
    const sender = await logIn(alice, station, true);
    const { socket, messages } = sender.web;
    const before = messages.length;
    const count = 800;
    // several of LevelDB's tables come and go meanwhile
    const filling = 'x'.repeat(20_000);
    const packages: Uint8Array[] = [];
    for (let number = 0; number < count; number++) {
      packages.push(await sender.pack(createText(`${number} ${filling}`), bob.id));
    }
    const backups: { readonly file: string; readonly acked: number }[] = [];
    const copying = (async () => {
      for (let number = 0; number < 4; number++) {
        const file = join(folder, `${number}.tar`);
        const acked = messages.length - before;
        await dimsJson('backup', file, '--data', data);
        backups.push({ file, acked });
      }
    })();
    for (const data of packages) {
      socket.send(data);
      await until(() => socket.bufferedAmount < 200_000);
    }
    await Promise.all([copying, until(() => messages.length - before === count)]);
    expect(await readdir(data)).not.toContain('snapshot');
    for (const { file, acked } of [backups[1], backups.at(-1)] as typeof backups) {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const again = await startFrom(file);
      expect(again.station.id).toBe(station.id);
      const { stored } = await dimsJson('status', '--data', again.data);
      const { messages: kept } = stored as { readonly messages: number };
      expect(kept).toBeGreaterThanOrEqual(acked);
      // who has not heard of any of it
      const messenger = new Messenger({ facebook: bob.facebook });
      const receiver = await logIn({ ...bob, messenger }, again.station);
      for (let number = 0; number < kept; number++) {
        expect(await receiver.next()).toMatchObject({ text: `${number} ${filling}` });
      }
      receiver.web.socket.terminate();
    }
  }, 60_000);

  it('of a station that does not run is the same', async () => {
    const folder = await newFolder();
    const data = join(folder, 'data');
    const station = await startDims(data);
    const [alice, bob] = await twoFriends();
    const sender = await logIn(alice, station, true);
    await sender.send(createText('hello'), bob.id);
    expect(await sender.nextText()).toContain('ACK:');
    await sender.send(createContactList('block', [bob.id]));
    await sender.next();
    await dimsJson('block', 'moky@anywhere', '--data', data);
    station.child.kill('SIGTERM');
    await station.ended;
    const file = join(folder, tarName);
    expect(await dimsJson('backup', file, '--data', data)).toEqual({ file, bytes: (await stat(file)).size });
    // the folder is as good as before
    expect((await startDims(data)).id).toBe(station.id);
    const again = await startFrom(file);
    expect(await dimsJson('users', '--data', again.data)).toEqual({
      online: [],
      blocked: ['moky@anywhere'],
      known: [expect.stringMatching(/^alice@/)],
      knownCount: 1,
    });
    const receiver = await logIn(bob, again.station);
    expect(await receiver.next()).toMatchObject({ text: 'hello' });
    const back = await logIn(alice, again.station);
    await back.send(createContactList('block'));
    expect(await back.next()).toMatchObject({ list: [expect.objectContaining({ key: bob.id.key })] });
  });

  it('replaces no file, and leaves none when it fails', async () => {
    const folder = await newFolder();
    const data = join(folder, 'data');
    await dimsJson('init', '--data', data, '--key-bits', '1024');
    const file = join(folder, tarName);
    await writeFile(file, 'precious');
    expect((await dims(['backup', file, '--data', data])).stderr).toContain('is there already');
    expect(await readFile(file, 'utf8')).toBe('precious');
    const nowhere = await dims(['backup', join(folder, 'none', tarName), '--data', data]);
    expect(nowhere).toMatchObject({ status: 1, stderr: expect.stringContaining('is not there') });
    expect((await readdir(folder)).sort()).toEqual(['data', tarName]);
  });

  it('can be read by tar', async () => {
    const { file } = await newBackup();
    const names = execFileSync('tar', ['tf', file], { encoding: 'utf8' }).trim().split('\n');
    expect(names).toContain('account/records/CURRENT');
    expect(names.at(-1)).toBe('backup.json');
    const text = execFileSync('tar', ['xOf', file, 'account/records/CURRENT'], { encoding: 'utf8' });
    expect(text).toMatch(/^MANIFEST-/);
  });

  it('takes hosted files along, and none that is only half here', async () => {
    const folder = await newFolder();
    const data = join(folder, 'data');
    await dimsJson('init', '--data', data, '--key-bits', '1024');
    await mkdir(join(data, 'files/files/address'), { recursive: true });
    await mkdir(join(data, 'files/partial'), { recursive: true });
    await writeFile(join(data, 'files/files/address/name.png'), 'a picture');
    await writeFile(join(data, 'files/partial/x'), 'half a picture');
    const file = join(folder, tarName);
    await dimsJson('backup', file, '--data', data);
    const restored = join(folder, 'restored');
    await dimsJson('restore', file, '--data', restored);
    expect(await readFile(join(restored, 'files/files/address/name.png'), 'utf8')).toBe('a picture');
    expect(await readdir(join(restored, 'files'))).toEqual(['files']);
    expect((await stat(join(restored, 'files/files/address/name.png'))).mode & 0o777).toBe(0o600);
  });
});

describe('restoring', () => {
  it('is into an empty folder only', async () => {
    const { data, file, folder } = await newBackup();
    const { status, stderr } = await dims(['restore', file, '--data', data]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `dims: ${data} is not empty; restore into a new folder, named with --data.\n`,
    });
    await mkdir(join(folder, 'empty'));
    expect((await dims(['restore', file, '--data', join(folder, 'empty')])).status).toBe(0);
    expect((await dims(['restore', file, '--data', '/proc/dimp'])).status).toBe(1);
  });

  it.each([
    ['cut off', async (file: string) => truncate(file, (await stat(file)).size - 3_000)],
    ['cut off in its first block', async (file: string) => truncate(file, 100)],
    ['empty', async (file: string) => truncate(file, 0)],
    ['altered', (file: string) => change(file, 'MANIFEST-', 'MANIFESU-')],
    ['with a name that leads out', (file: string) => change(file, 'account/records/', 'account/../../..')],
    ['something else', (file: string) => writeFile(file, 'x'.repeat(5_000))],
  ])('leaves nothing of a file that is %s', async (_, spoil) => {
    const { file, folder } = await newBackup();
    await spoil(file);
    const data = join(folder, 'restored');
    const { status, stderr } = await dims(['restore', file, '--data', data]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'dims: The file is no backup of a station, or was cut off or altered.\n',
    });
    expect((await readdir(folder)).sort()).toEqual(['data', tarName]);
  });

  it('says when there is no such file', async () => {
    const folder = await newFolder();
    const { status, stderr } = await dims(['restore', join(folder, 'x'), '--data', join(folder, 'data')]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `dims: ${join(folder, 'x')} cannot be read (ENOENT).\n`,
    });
  });
});

describe('a snapshot', () => {
  it('stays as it is while files grow and go', async () => {
    const { data } = await newBackup();
    const log = join(data, 'account/records/000999.log');
    await writeFile(log, 'one');
    const { files, release } = await takeSnapshot(data);
    await writeFile(log, 'one and more', { flag: 'r+' });
    const taken = files.find(({ name }) => name.endsWith('000999.log'));
    expect(taken?.size).toBe(3);
    expect(await readFile(taken?.path ?? '', 'utf8')).toBe('one and more');
    await release();
    expect(await readdir(data)).not.toContain('snapshot');
  });

  it('replaces what a process that was killed left', async () => {
    const { data, folder } = await newBackup();
    await cp(join(data, 'account'), join(data, 'snapshot/account'), { recursive: true });
    const file = join(folder, 'again.tar');
    expect((await dims(['backup', file, '--data', data])).status).toBe(0);
    expect(await readdir(data)).not.toContain('snapshot');
  });
});

/** A small station and its backup. */
async function newBackup() {
  const folder = await newFolder();
  const data = join(folder, 'data');
  await dimsJson('init', '--data', data, '--key-bits', '1024');
  const file = join(folder, tarName);
  await dimsJson('backup', file, '--data', data);
  return { folder, data, file };
}

/** Puts other bytes of the same length in place of the first such text, with the sum of its header as it has to be. */
async function change(file: string, from: string, to: string): Promise<void> {
  const bytes = await readFile(file);
  const at = bytes.indexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error(`expected ${from} in the backup`);
  bytes.write(to, at, 'latin1');
  const header = bytes.subarray(Math.floor(at / 512) * 512).subarray(0, 512);
  header.write(' '.repeat(8), 148);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148);
  await writeFile(file, bytes);
}
