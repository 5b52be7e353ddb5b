import { type JsonObject, limits } from '@dimp/crypto';
import { type Command, type Content, formatContent, parseContent } from '@dimp/dkd';
import { formatMeta, type Meta } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import {
  createReport,
  createSearch,
  createSearchAnswer,
  createUsersQuery,
  foundUsers,
  type ReportCommand,
  reportedPresence,
  type SearchCommand,
} from '../../src/index.js';
import { person, protocol, thrownBy } from '../kit.js';

function read<C extends Content>(members: JsonObject): C {
  return parseContent({ type: 136, sn: 7, ...members }, protocol) as C;
}

/** What a command is on the wire. */
function wire(command: Command): JsonObject {
  return formatContent(command, protocol);
}

describe('report', () => {
  it.each([
    ['online', { command: 'report', title: 'online', time: 5 }, 'online'],
    ['offline', { command: 'report', title: 'offline' }, 'offline'],
    ['a phone in front', { command: 'broadcast', title: 'report', state: 'foreground' }, 'online'],
    ['a phone put away', { command: 'broadcast', title: 'report', state: 'background' }, 'offline'],
    ['the presence as name', { command: 'online' }, 'online'],
    ['the other one', { command: 'offline' }, 'offline'],
    ['a title of its own', { command: 'report', title: 'apns', device_token: '0a' }, undefined],
    ['a name that contradicts', { command: 'online', title: 'apns' }, undefined],
    ['nothing', { command: 'report' }, undefined],
  ])('tells what it should with %s, and is written as it is read', (_, members, presence) => {
    const report = read<ReportCommand>(members);
    expect(report.kind).toBe('report-command');
    expect(reportedPresence(report)).toBe(presence);
    expect(wire(report)).toEqual({ type: 136, sn: 7, ...members });
  });

  it('is made', () => {
    expect(wire(createReport('online', { serialNumber: 7, time: 5 }))).toEqual({
      type: 136,
      sn: 7,
      time: 5,
      command: 'report',
      title: 'online',
    });
    expect(createReport('apns', { extra: { device_token: '0a' } }).extra).toEqual({ device_token: '0a' });
  });

  it('is refused with a title that is no text', () => {
    expect(thrownBy(() => read({ command: 'report', title: 5 }))).toBe('ERR_PARSE');
  });
});

describe('search and users', () => {
  it('asks', () => {
    const search = createSearch('moki hulk', { start: 10, limit: 20, serialNumber: 7 });
    const json = { type: 136, sn: 7, command: 'search', keywords: 'moki hulk', start: 10, limit: 20 };
    expect(wire(search)).toEqual(json);
    expect(parseContent(json, protocol)).toEqual(search);
    const users = createUsersQuery({ serialNumber: 7 });
    expect(wire(users)).toEqual({ type: 136, sn: 7, command: 'users' });
    expect(read({ command: 'users' })).toEqual(users);
  });

  it.each([createSearch('a'), createUsersQuery()])('is answered with who was found', async question => {
    const [alice, bob] = [await person('alice'), await person('bob')];
    const meta = await alice.facebook.loadMeta(alice.id);
    const found = [{ id: alice.id, meta: meta as Meta }, { id: bob.id }];
    const answer = createSearchAnswer(question, found, { serialNumber: 7 });
    const json = {
      type: 136,
      sn: 7,
      command: question.command,
      ...(question.keywords !== undefined && { keywords: question.keywords }),
      users: [alice.id.text, bob.id.text],
      results: { [alice.id.text]: formatMeta(meta as Meta) },
    };
    expect(wire(answer)).toEqual(json);
    const received = parseContent(json, protocol) as SearchCommand;
    expect(received).toEqual(answer);
    const users = foundUsers(received, protocol);
    expect(users.map(({ id }) => id.text)).toEqual([alice.id.text, bob.id.text]);
    expect(users.map(user => user.meta !== undefined)).toEqual([true, false]);
    expect(await bob.facebook.saveMeta(users[0]?.meta as Meta, alice.id)).toBe(true);
    expect(await bob.facebook.saveMeta(users[0]?.meta as Meta, bob.id)).toBe(false);
  });

  it('finds users also when their metas cannot be read', async () => {
    const { id } = await person('alice');
    const strange: JsonObject[] = [{}, { results: {} }, { results: { [id.text]: { version: 99 } } }];
    for (const members of [...strange, { results: { [id.text]: 'text', other: 5 } }]) {
      const answer = read<SearchCommand>({ command: 'search', users: [id.text], ...members });
      expect(foundUsers(answer, protocol)).toEqual([{ id }]);
      expect(wire(answer)).toEqual({ type: 136, sn: 7, command: 'search', users: [id.text], ...members });
    }
    expect(foundUsers(read<SearchCommand>({ command: 'users' }), protocol)).toEqual([]);
  });

  it('is refused with something that is no ID, or with too many', async () => {
    const { id } = await person('alice');
    expect(thrownBy(() => read({ command: 'search', users: [id.text, 7] }))).toBe('ERR_PARSE');
    expect(thrownBy(() => read({ command: 'users', results: [] }))).toBe('ERR_PARSE');
    const many = Array<string>(limits.groupMembers + 1).fill(id.text);
    expect(thrownBy(() => read({ command: 'users', users: many }))).toBe('ERR_LIMIT');
  });
});
