import { formatPackage } from '@dimp/core';
import { formatJson, type JsonObject, type JsonValue } from '@dimp/crypto';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { createForward, createText, formatReliableMessage, signMessage } from '@dimp/dkd';
import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { type Received, referenceProcessors } from '../src/index.js';
import { introduce, keyOf, now, person, textOf, write } from './kit.js';

/** What may become of a package that is no good. A new code here is a new promise to applications. */
const codes: readonly string[] = [
  'ERR_PARSE',
  'ERR_LIMIT',
  'ERR_UNSUPPORTED',
  'ERR_KEY_FORMAT',
  'ERR_DECRYPT',
  'ERR_NOT_FOUND',
  'ERR_SIGNATURE',
  'ERR_META',
  'ERR_BINDING',
  'ERR_GROUP',
  'ERR_REFUSED',
];

const kinds: readonly string[] = ['accepted', 'suspended', 'not-for-us', 'duplicate', 'rejected'];

const alice = await person('alice');
const bob = await person('bob', { processors: referenceProcessors(), waiting: { capacity: 50 } });
await introduce(alice, bob);
const inner = await write(alice, bob.id, 'inside');
const packages = [
  await write(alice, bob.id, 'hello'),
  await write(alice, bob.id, createForward(inner)),
  await write(alice, bob.facebook.parseID('everyone@everywhere'), 'hello all'),
];

function checkValue(outcome: Received): void {
  expect(kinds).toContain(outcome.kind);
  if (outcome.kind === 'rejected') expect(codes).toContain(outcome.error.code);
}

/** Any JSON, with the names that messages use and those that hurt careless programs. */
const anyMember: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>,
  fc.constantFrom(alice.id.text, bob.id.text, 'everyone@everywhere', 'anyone@anywhere', '', 'AAAA'),
  fc.uint8Array({ maxLength: 200 }).map(encodeBase64),
  fc.constantFrom(now, -1, 0, 1e300, 2 ** 53),
);

const names = ['sender', 'receiver', 'time', 'group', 'type', 'data', 'key', 'keys', 'signature', 'meta'];

const anyMessage: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(fc.constantFrom(...names, '__proto__', 'constructor', 'content'), anyMember), {
    maxLength: 12,
  })
  .map(entries => Object.fromEntries(entries));

/** A real package in which one member is another, or gone, or one byte is another. */
const mutated: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc
    .record({
      message: fc.constantFrom(...packages),
      name: fc.constantFrom(...names),
      value: fc.option(anyMember, { nil: undefined }),
    })
    .map(({ message, name, value }) => {
      const { [name]: _, ...json } = formatReliableMessage(message);
      const changed = value === undefined ? json : { ...json, [name]: value };
      return encodeUtf8(JSON.stringify(changed));
    }),
  fc
    .record({
      data: fc.constantFrom(...packages.map(message => formatPackage(message))),
      at: fc.nat(),
      byte: fc.integer({ min: 0, max: 255 }),
    })
    .map(({ data, at, byte }) => {
      const copy = data.slice();
      copy[at % copy.length] = byte;
      return copy;
    }),
);

describe('a messenger that is given anything', () => {
  test.prop([fc.uint8Array({ maxLength: 2000 })])('says what became of any bytes', async data => {
    checkValue(await bob.messenger.processPackage(data));
  });

  test.prop([fc.oneof(anyMember, anyMessage)])('says what became of any JSON', async json => {
    checkValue(await bob.messenger.processPackage(JSON.stringify(json)));
  });

  test.prop([mutated])('says what became of real packages that were altered', async data => {
    checkValue(await bob.messenger.processPackage(data));
  });

  // signed by somebody who is known, so that what is inside is looked at
  test.prop([
    fc.oneof(
      fc.dictionary(
        fc.constantFrom('type', 'sn', 'command', 'group', 'ID', 'meta', 'profile', 'members'),
        anyMember,
      ),
      fc.record(
        {
          type: fc.constantFrom(1, 0x10, 0x88, 0x89, 0xff),
          sn: fc.nat(),
          command: fc.constantFrom('meta', 'profile', 'invite', 'reset', 'query', 'quit', 'receipt', 'login'),
          ID: anyMember,
          group: anyMember,
          members: anyMember,
          meta: anyMember,
          profile: anyMember,
          forward: fc.oneof(anyMember, fc.constant(formatReliableMessage(inner))),
        },
        { requiredKeys: ['type'] },
      ),
    ),
  ])('says what became of any content', async content => {
    const everyone = bob.facebook.parseID('everyone@everywhere');
    const unsigned = {
      envelope: { sender: alice.id, receiver: everyone, time: now },
      data: encodeUtf8(formatJson(JSON.parse(JSON.stringify(content)) as JsonObject, 'content')),
      extra: {},
    };
    const message = await signMessage(unsigned, await keyOf('alice'));
    checkValue(await bob.messenger.processPackage(formatPackage(message)));
  });

  test.prop([fc.string({ unit: 'binary', maxLength: 200 })])(
    'still reads any text after all that',
    async text => {
      const message = await write(alice, bob.id, createText(text));
      expect(textOf(await bob.messenger.processMessage(message))).toBe(text);
    },
  );
});
