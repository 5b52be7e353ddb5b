import { parsePackage } from '@dimp/core';
import { DimpError, type JsonObject, limits } from '@dimp/crypto';
import { type Content, createText, formatContent, isCommand, parseContent } from '@dimp/dkd';
import { everyone } from '@dimp/mkm';
import { Messenger } from '@dimp/sdk';
import { fc, test } from '@fast-check/jest';
import { expect } from '@jest/globals';
import { newDesk, requestOf, stranger } from './desk-kit.js';

const desk = await newDesk();
const { protocol } = desk.facebook;
const data = await new Messenger({ facebook: desk.facebook }).packContent(createText('x'), everyone);
const signed = parsePackage(data, protocol);

const names = ['meta', 'profile', 'search', 'users', 'login', 'report', 'broadcast', 'online', 'contacts'];
const others = [
  'storage',
  'block',
  'mute',
  'receipt',
  'handshake',
  'invite',
  'query',
  '__proto__',
  'toString',
];
const ids = fc.constantFrom(desk.hulk.text, desk.moki.text, stranger(7).text, everyone.text, 'x', '@', '');
const anything = fc.oneof(fc.jsonValue(), ids, fc.array(ids), fc.integer(), fc.string());
const members = [
  ...['ID', 'did', 'meta', 'profile', 'signature', 'keywords', 'users', 'results', 'start', 'limit'],
  ...['time', 'title', 'state', 'list', 'data', 'key', 'contacts', 'group', 'sn', 'station'],
];

/** Contents of all commands, with members of any shape. */
const hostile = fc
  .record({
    command: fc.oneof(fc.constantFrom(...names, ...others), fc.string()),
    rest: fc.dictionary(fc.oneof(fc.constantFrom(...members), fc.string()), anything, { maxKeys: 6 }),
    type: fc.constantFrom(136, 137, 1, 255),
  })
  .map(({ command, rest, type }) => JSON.parse(JSON.stringify({ ...rest, type, command })) as JsonObject);

function read(json: JsonObject): Content | undefined {
  try {
    return parseContent(json, protocol);
  } catch (error) {
    if (error instanceof DimpError) return undefined;
    throw error;
  }
}

test.prop([hostile, fc.constantFrom(desk.hulk, undefined), fc.boolean()])(
  'answers whatever can be read with contents that can be written, and no command that it is not',
  async (json, user, isNeighbour) => {
    const content = read(json);
    if (content === undefined) return;
    const request = requestOf(content, desk.hulk, signed, undefined, { user, isNeighbour });
    const { contents } = await desk.desk.answer(content, request);
    expect(contents.length).toBeLessThanOrEqual(isCommand(content) ? 2 : 0);
    for (const answer of contents) {
      expect(JSON.stringify(formatContent(answer, protocol)).length).toBeLessThan(limits.packageBytes);
    }
  },
);

test.prop([hostile, hostile])('gives no answer to an answer without end', async (json, other) => {
  const content = read({ ...json, ...other });
  if (content === undefined) return;
  // two desks that answer each other
  let talk: readonly Content[] = [content];
  for (let turn = 0; turn < 6 && talk.length > 0; turn++) {
    const answers = await Promise.all(
      talk.map(one => desk.desk.answer(one, requestOf(one, desk.hulk, signed))),
    );
    talk = answers.flatMap(({ contents }) => contents);
  }
  expect(talk).toEqual([]);
});
