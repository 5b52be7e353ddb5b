import { type JsonObject, limits } from '@dimp/crypto';
import { type Command, type Content, createHead, formatContent, parseContent } from '@dimp/dkd';
import { parseID } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import {
  createContactList,
  createHandshake,
  createLogin,
  createReceipt,
  type HandshakeCommand,
  HandshakeState,
  handshakeState,
  type LoginCommand,
  type ReceiptCommand,
  receiptOrigin,
} from '../../src/index.js';
import { protocol, thrownBy } from '../kit.js';

const hulk = parseID('hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj', protocol);
const moki = parseID('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk', protocol);

function read<C extends Content>(members: JsonObject): C {
  return parseContent({ type: 136, sn: 7, ...members }, protocol) as C;
}

/** What a command is on the wire. */
function wire(command: Command): JsonObject {
  return formatContent(command, protocol);
}

describe('handshake', () => {
  it.each([
    ['nothing', {}, HandshakeState.init],
    ['an empty text', { message: '' }, HandshakeState.init],
    ['Hello world!', { message: 'Hello world!' }, HandshakeState.start],
    ['Hello world! and an empty session', { message: 'Hello world!', session: '' }, HandshakeState.start],
    ['DIM?', { message: 'DIM?', session: 'S' }, HandshakeState.again],
    ['Hello world! and a session', { message: 'Hello world!', session: 'S' }, HandshakeState.restart],
    ['DIM!', { message: 'DIM!' }, HandshakeState.success],
    ['OK!', { message: 'OK!', session: 'S' }, HandshakeState.success],
    ['dim! in small letters', { message: 'dim!' }, HandshakeState.start],
    ['title in place of message', { title: 'DIM!' }, HandshakeState.success],
    ['message before title', { title: 'DIM!', message: 'DIM?' }, HandshakeState.again],
  ])('stands where it should with %s', (_, members, state) => {
    expect(handshakeState(read<HandshakeCommand>({ command: 'handshake', ...members }))).toBe(state);
  });

  it('is made for every step', () => {
    const steps = [
      createHandshake('start'),
      createHandshake('again', 'S'),
      createHandshake('restart', 'S'),
      createHandshake('success'),
    ];
    expect(steps.map(step => [step.message, step.session])).toEqual([
      ['Hello world!', undefined],
      ['DIM?', 'S'],
      ['Hello world!', 'S'],
      ['DIM!', undefined],
    ]);
    expect(steps.map(handshakeState)).toEqual([1, 2, 3, 4]);
  });

  it('is written as it is read', () => {
    const json = { type: 136, sn: 7, command: 'handshake', message: 'DIM?', session: 'S', more: [1] };
    expect(wire(parseContent(json, protocol) as Command)).toEqual(json);
    expect(wire(createHandshake('start', undefined, { serialNumber: 7 }))).toEqual({
      type: 136,
      sn: 7,
      command: 'handshake',
      message: 'Hello world!',
    });
  });
});

describe('a handshake of generation 2', () => {
  it('is read and written with all it has, title and address of the client too', () => {
    const members = { message: 'DIM?', title: 'DIM?', session: 'S', remote_address: ['192.0.2.1', 4001] };
    const command = read<HandshakeCommand>({ command: 'handshake', ...members });
    expect(handshakeState(command)).toBe(HandshakeState.again);
    expect(command.extra).toEqual({ title: 'DIM?', remote_address: ['192.0.2.1', 4001] });
    const made = createHandshake('again', 'S', { serialNumber: 7, extra: command.extra });
    expect(made).toEqual(command);
    expect(wire(made)).toEqual({ type: 136, sn: 7, command: 'handshake', ...members });
  });
});

describe('login', () => {
  const station = { ID: 'gsp-s001@x77uVYBT1G48CLzW9iwe2dr5jhUNEM772G', host: '127.0.0.1', port: 9394 };
  const provider = { ID: 'gsp@x77uVYBT1G48CLzW9iwe2dr5jhUNEM772G' };

  it('is written as it is read', () => {
    const members = { device: 'phone', agent: 'DIMP/1.0', station, provider };
    const login = createLogin(hulk, { time: 1_700_000_000, serialNumber: 7, ...members });
    const json = {
      type: 136,
      sn: 7,
      time: 1_700_000_000,
      command: 'login',
      ID: hulk.text,
      ...members,
    };
    expect(wire(login)).toEqual(json);
    expect(parseContent(json, protocol)).toEqual(login);
  });

  it('may say nothing', () => {
    const login = read<LoginCommand>({ command: 'login' });
    expect(login).toEqual({ type: 136, serialNumber: 7, kind: 'login-command', command: 'login', extra: {} });
    expect(wire(login)).toEqual({ type: 136, sn: 7, command: 'login' });
  });

  it('is read with did in place of ID', () => {
    expect(read<LoginCommand>({ command: 'login', did: moki.text }).id?.text).toBe(moki.text);
    expect(thrownBy(() => read({ command: 'login', ID: 'nobody' }))).toBe('ERR_PARSE');
  });
});

describe('receipt', () => {
  it('is for a message, and says for which', () => {
    const envelope = { sender: hulk, receiver: moki, time: 1_700_000_000 };
    const receipt = createReceipt('got it', { envelope, serialNumber: 42 });
    expect(wire(receipt)).toEqual({
      type: 136,
      sn: 42,
      time: 1_700_000_000,
      command: 'receipt',
      message: 'got it',
      sender: hulk.text,
      receiver: moki.text,
    });
    expect(receiptOrigin(receipt)).toEqual({
      sender: hulk.text,
      receiver: moki.text,
      time: 1_700_000_000,
    });
  });

  it('may be for nothing', () => {
    const receipt = createReceipt('Meta received', undefined, { serialNumber: 7 });
    expect(wire(receipt)).toEqual({ type: 136, sn: 7, command: 'receipt', message: 'Meta received' });
    expect(receiptOrigin(receipt)).toBeUndefined();
    expect(createReceipt('again').serialNumber).toBeGreaterThan(0);
  });

  it('is read with text in place of message and a nested envelope', () => {
    const envelope = { sender: 'a station', receiver: moki.text, time: 'soon' };
    const receipt = read<ReceiptCommand>({ command: 'receipt', text: 'got it', envelope });
    expect(receipt.message).toBe('got it');
    expect(receiptOrigin(receipt)).toEqual({ sender: 'a station', receiver: moki.text, time: 0 });
    expect(wire(receipt)).toEqual({ type: 136, sn: 7, command: 'receipt', message: 'got it', envelope });
    expect(receiptOrigin(read<ReceiptCommand>({ command: 'receipt', envelope: {} }))).toBeUndefined();
    expect(read<ReceiptCommand>({ command: 'receipt' }).message).toBe('');
  });

  it('takes its time from itself when it quotes flatly', () => {
    const flat = { command: 'receipt', sender: hulk.text, receiver: moki.text };
    expect(receiptOrigin(read<ReceiptCommand>({ ...flat, time: 5 }))?.time).toBe(5);
    expect(receiptOrigin(read<ReceiptCommand>(flat))?.time).toBe(0);
  });
});

describe.each(['block', 'mute'] as const)('%s', name => {
  it('asks without a list and sets with one, an empty one too', () => {
    for (const list of [undefined, [], [hulk, moki]]) {
      const command = createContactList(name, list, { serialNumber: 7 });
      const json = {
        type: 136,
        sn: 7,
        command: name,
        ...(list && { list: list.map(({ text }) => text) }),
      };
      expect(wire(command)).toEqual(json);
      expect(parseContent(json, protocol)).toEqual(command);
    }
  });

  it('is refused with something that is no ID, or with too many', () => {
    expect(thrownBy(() => read({ command: name, list: [hulk.text, 7] }))).toBe('ERR_PARSE');
    const many = Array<string>(limits.groupMembers + 1).fill(hulk.text);
    expect(thrownBy(() => read({ command: name, list: many }))).toBe('ERR_LIMIT');
  });
});

describe('a command of another name', () => {
  it('is unknown, with all its members', () => {
    expect(read({ command: 'ans', names: 'x' })).toMatchObject({
      kind: 'unknown-command',
      command: 'ans',
      extra: { names: 'x' },
    });
    expect(createHead(136).serialNumber).toBeGreaterThan(0);
  });
});
