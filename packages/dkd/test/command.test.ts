import { createRegistry, limits } from '@dimp/crypto';
import { parseProfile } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import {
  type CommandDefinition,
  type CommandHead,
  commandMembers,
  commandProfile,
  createGroupCommand,
  createMetaCommand,
  createProfileCommand,
  createProfileQuery,
  createText,
  formatContent,
  isCommand,
  isGroupCommand,
  type ProfileCommand,
  parseContent,
} from '../src/index.js';
import { account, codeOf, context, freeze, id, meta } from './kit.js';

const hulk = id('hulk').text;
const group = id('group').text;

describe('commands', () => {
  it('are told by type, known or not', () => {
    for (const json of [
      { type: 136, command: 'meta' },
      { type: 136, command: 'zzz' },
      { type: 137, command: 'zzz' },
    ]) {
      expect(isCommand(parseContent(json, context))).toBe(true);
    }
    expect(isCommand(createText('x'))).toBe(false);
    expect(isCommand(parseContent({ type: 300, command: 'x' }, context))).toBe(false);
  });

  it('need a name; `cmd` is read for it and written as `command`', () => {
    for (const json of [{}, { command: null }, { command: 7 }, { cmd: null }]) {
      expect(codeOf(() => parseContent({ type: 136, ...json }, context))).toBe('ERR_PARSE');
    }
    expect(() => parseContent({ type: 136 }, context)).toThrow('Content.command: expected text, got nothing');
    const read = parseContent({ type: 136, sn: 1, command: null, cmd: 'zzz' }, context);
    expect(read).toMatchObject({ kind: 'unknown-command', command: 'zzz' });
    expect(formatContent(read, context)).toEqual({ type: 136, sn: 1, command: 'zzz' });
  });

  it.each(['__proto__', 'constructor', 'toString', ''])('may be called %p', command => {
    expect(parseContent({ type: 136, command }, context).kind).toBe('unknown-command');
  });

  it('of history need a member `group`, even null, to be of a group', () => {
    const kindOf = (json: object): string =>
      parseContent({ type: 137, command: 'hire', ...json }, context).kind;
    expect([kindOf({}), kindOf({ group: null }), kindOf({ group })]).toEqual([
      'unknown-history-command',
      'unknown-group-command',
      'unknown-group-command',
    ]);
  });

  it('are not written without their definition, since their members would be lost', () => {
    const bare = { ...context, commands: createRegistry('command definition', [] as CommandDefinition[]) };
    const command = createMetaCommand(id('hulk'));
    expect(codeOf(() => formatContent(command, bare))).toBe('ERR_USAGE');
    expect(() => formatContent(command, bare)).toThrow('No command definition for "meta"; pass one in');
    // read without it, written with it
    const json = { type: 136, sn: 1, command: 'meta', ID: hulk };
    expect(formatContent(parseContent(json, bare), context)).toEqual(json);
    const hire = { type: 137, sn: 1, command: 'invite', group, members: [hulk] };
    expect(formatContent(parseContent(hire, bare), context)).toEqual(hire);
  });
});

describe('meta commands', () => {
  it('ask and bring', () => {
    expect(formatContent(createMetaCommand(id('hulk'), undefined, { serialNumber: 1 }), context)).toEqual({
      type: 136,
      sn: 1,
      command: 'meta',
      ID: hulk,
    });
    const offer = formatContent(createMetaCommand(id('hulk'), meta('hulk'), { serialNumber: 1 }), context);
    expect(offer['meta']).toEqual(account('hulk').meta);
  });

  it('read `did` for `ID`, and do not look into the meta', () => {
    const read = parseContent({ type: 136, sn: 1, command: 'meta', did: hulk, meta: { bad: 1 } }, context);
    expect(read).toMatchObject({ kind: 'meta-command', id: id('hulk'), meta: { bad: 1 } });
    expect(formatContent(read, context)).toEqual({
      type: 136,
      sn: 1,
      command: 'meta',
      ID: hulk,
      meta: { bad: 1 },
    });
  });

  it.each([{ ID: 'x' }, { ID: 7 }, { meta: [] }, { meta: 'x' }])('refuse %p', json => {
    expect(codeOf(() => parseContent({ type: 136, command: 'meta', ...json }, context))).toBe('ERR_PARSE');
  });
});

describe('profile commands', () => {
  const { data, signature, ...rest } = freeze({
    ID: hulk,
    data: '{"name": "Hulk"}',
    signature: 'AAAA',
  });

  it('bring a profile in the old layout', () => {
    const profile = parseProfile({ ...rest, data, signature }, context);
    const made = createProfileCommand(id('hulk'), profile, meta('hulk'), { serialNumber: 1 });
    expect(formatContent(made, context)).toEqual({
      type: 136,
      sn: 1,
      command: 'profile',
      ID: hulk,
      profile: data,
      signature,
      meta: account('hulk').meta,
    });
    expect(commandProfile(made)).toEqual({ ID: hulk, data, signature });
  });

  it('are read in both layouts', () => {
    const whole = { ID: hulk, data, signature };
    const read = parseContent(
      { type: 136, command: 'profile', ID: hulk, profile: whole },
      context,
    ) as ProfileCommand;
    expect(commandProfile(read)).toBe(whole);
    const old = parseContent({ type: 136, command: 'profile', profile: data }, context) as ProfileCommand;
    expect(commandProfile(old)).toEqual({ data });
    expect(commandProfile(createProfileQuery(id('hulk')))).toBeUndefined();
  });

  it('bring nothing unsigned', () => {
    const unsigned = parseProfile({ ID: hulk }, context);
    expect(codeOf(() => createProfileCommand(id('hulk'), unsigned))).toBe('ERR_USAGE');
  });

  it.each([{ profile: 7 }, { profile: [] }, { signature: 7 }, { meta: 1 }])('refuse %p', json => {
    expect(codeOf(() => parseContent({ type: 136, command: 'profile', ...json }, context))).toBe('ERR_PARSE');
  });
});

describe('group commands', () => {
  const people = [id('hulk'), id('moki')];

  it('are made with a list of members', () => {
    const made = createGroupCommand('invite', id('group'), people, { time: 7, serialNumber: 1 });
    const json = {
      type: 137,
      sn: 1,
      time: 7,
      command: 'invite',
      group,
      members: people.map(({ text }) => text),
    };
    expect(formatContent(made, context)).toEqual(json);
    expect(parseContent(json, context)).toEqual(made);
    expect(createGroupCommand('quit', id('group'), [], { time: 7 }).members).toBeUndefined();
  });

  it('name members one way or the other; the list wins', () => {
    const one = parseContent({ type: 137, command: 'expel', group, member: hulk }, context);
    const both = parseContent({ type: 137, command: 'expel', group, member: hulk, members: [] }, context);
    const membersOf = (command: object): number => commandMembers(command).length;
    expect([membersOf(one), membersOf(both), membersOf({})]).toEqual([1, 0, 0]);
  });

  it.each(['invite', 'expel', 'join', 'quit', 'reset', 'query'])('%s is one, under both types', command => {
    for (const type of [136, 137]) {
      const read = parseContent({ type, command, group }, context);
      expect(isGroupCommand(read)).toBe(true);
      expect(read.kind).toBe(`${command}-command`);
    }
  });

  it('others are none', () => {
    expect(isGroupCommand(parseContent({ type: 137, command: 'hire', group }, context))).toBe(false);
  });

  it('have a limit, and name the place of a bad member', () => {
    const members = new Array(limits.groupMembers + 1).fill(hulk);
    const invite = { type: 137, command: 'invite', group };
    expect(codeOf(() => parseContent({ ...invite, members }, context))).toBe('ERR_LIMIT');
    expect(() => parseContent({ ...invite, members: [hulk, 'x'] }, context)).toThrow('Content.members[1]: ');
  });
});

interface PingCommand extends CommandHead {
  readonly kind: 'test-ping';
  readonly round: number;
}

declare module '../src/content.js' {
  interface ContentKinds {
    'test-ping': PingCommand;
  }
}

describe('a command of one’s own', () => {
  const ping: CommandDefinition<PingCommand> = {
    code: 'ping',
    parse: reader => ({ kind: 'test-ping', round: reader.integer('round') }),
    format: ({ round }) => ({ round }),
  };
  const own = { ...context, commands: context.commands.with(ping) };

  it('is read and written by its definition', () => {
    const json = { type: 136, sn: 1, command: 'ping', round: 3, 'x-new': null };
    const read = parseContent(json, own);
    expect(read).toMatchObject({ kind: 'test-ping', round: 3 });
    expect(formatContent(read, own)).toEqual(json);
    expect(codeOf(() => parseContent({ type: 136, command: 'ping' }, own))).toBe('ERR_PARSE');
    expect(parseContent(json, context).kind).toBe('unknown-command');
  });
});
