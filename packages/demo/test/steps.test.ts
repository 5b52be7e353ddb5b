import type { JsonObject } from '@dimp/crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { progressOn } from '../src/progress.js';
import { createInProcessRelay } from '../src/relay/in-process.js';
import { type AttacksFacts, runAttacks } from '../src/steps/attacks.js';
import { type ConversationFacts, runConversation } from '../src/steps/conversation.js';
import { type FileFacts, runFile } from '../src/steps/file.js';
import { type GroupFacts, runGroup } from '../src/steps/group.js';
import { type NewUsersFacts, runNewUsers } from '../src/steps/new-users.js';
import { type PublishedUsersFacts, runPublishedUsers } from '../src/steps/published-users.js';
import { closeWorld, createWorld, joinNewUser, personOf, type World } from '../src/world.js';
import { Recorder } from './recorder.js';

interface AllFacts {
  readonly published: PublishedUsersFacts;
  readonly newUsers: NewUsersFacts;
  readonly conversation: ConversationFacts;
  readonly group: GroupFacts;
  readonly file: FileFacts;
  readonly attacks: AttacksFacts;
}

let world: World;
let facts: AllFacts;

function newWorld(): World {
  return createWorld({
    relay: createInProcessRelay(),
    bits: 1024,
    progress: progressOn(new Recorder()),
    signal: new AbortController().signal,
  });
}

beforeAll(async () => {
  world = newWorld();
  facts = {
    published: await runPublishedUsers(world),
    newUsers: await runNewUsers(world),
    conversation: await runConversation(world),
    group: await runGroup(world),
    file: await runFile(world),
    attacks: await runAttacks(world),
  };
});

afterAll(() => closeWorld(world));

describe('published users', () => {
  it('have metas that fit their IDs', () => {
    expect(facts.published.users).toEqual([
      {
        id: 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj',
        searchNumber: '195-183-9394',
        key: { algorithm: 'RSA', bits: 1024 },
        metaFitsID: true,
      },
      {
        id: 'moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk',
        searchNumber: '184-083-9527',
        key: { algorithm: 'RSA', bits: 1024 },
        metaFitsID: true,
      },
    ]);
  });

  it('exchange what the reference implementation wrote', () => {
    expect(facts.published.ok).toBe(true);
    expect(facts.published.message).toMatchObject({
      time: 1586000000,
      signatureFits: true,
      received: 'accepted',
      text: 'hello',
      labels: { bound: false, generation: 1, signature: { algorithm: 'RSA', bits: 1024 } },
    });
  });
});

describe('new users', () => {
  it('have IDs of their own that others can check', () => {
    expect(facts.newUsers.ok).toBe(true);
    const [alice, bob] = facts.newUsers.users;
    expect(alice).toMatchObject({ name: 'alice', metaFitsID: true, key: { algorithm: 'RSA', bits: 1024 } });
    expect(alice?.id).toMatch(/^alice@4\w{33}$/);
    expect(bob?.searchNumber).toMatch(/^\d{3}-\d{3}-\d{4}$/);
  });
});

describe('the conversation', () => {
  it('goes both ways, bound and encrypted', () => {
    const { ok, metaCameAlong, messages } = facts.conversation;
    expect(ok).toBe(true);
    expect(metaCameAlong).toBe(true);
    expect(messages.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'alice bob',
      'bob alice',
      'alice bob',
      'bob alice',
    ]);
    for (const { labels } of messages) {
      expect(labels).toMatchObject({
        bound: true,
        encryption: { algorithm: 'AES', bits: 256, reused: false, wrap: { bits: 1024 } },
      });
    }
  });

  it('shows a message in each of its forms', () => {
    const { instant, secure, reliable } = facts.conversation.stages;
    const content = instant['content'] as JsonObject;
    expect(content['text']).toBe(facts.conversation.messages[2]?.text);
    expect(Object.keys(secure)).toEqual(['sender', 'receiver', 'time', 'type', 'data', 'key']);
    expect(reliable).toEqual({ ...secure, signature: expect.any(String) });
  });

  it('shows the relay the envelope and nothing more', () => {
    const { packages, readable, sealed, sawText } = facts.conversation.relay;
    expect(packages).toBe(4);
    expect(Object.keys(readable)).toEqual(['sender', 'receiver', 'time', 'type']);
    expect(Object.keys(sealed).sort()).toEqual(['data', 'key', 'signature']);
    expect(sawText).toBe(false);
  });
});

describe('the group', () => {
  it('is written to once and read by three', () => {
    expect(facts.group.ok).toBe(true);
    expect(facts.group.created.members).toEqual(['alice', 'bob', 'hulk', 'moki']);
    expect(facts.group.message.readBy).toEqual(['bob', 'hulk', 'moki']);
  });

  it('shows the relay who, not what', () => {
    const { message, created } = facts.group;
    expect(message.relay.readable).toMatchObject({ receiver: facts.group.id });
    expect(message.relay.keysFor).toHaveLength(4);
    expect(message.relay.sawText).toBe(false);
    expect(created).toMatchObject({ relaySawGroup: false, complete: true });
  });

  it('changes by an invitation and an expulsion', () => {
    const { invited, expelled, afterwards } = facts.group;
    expect(invited.members).toEqual(['alice', 'bob', 'hulk', 'moki', 'carol']);
    expect(expelled.members).toEqual(['alice', 'bob', 'moki', 'carol']);
    expect(expelled.knownTo).toEqual(['alice', 'bob', 'hulk', 'moki', 'carol']);
    expect(afterwards.readBy).toEqual(['bob', 'moki', 'carol']);
    expect(afterwards.relay.keysFor).not.toContain(personOf(world, 'hulk').id.text);
  });
});

describe('the file', () => {
  it('stands on the host as ciphertext and arrives whole', () => {
    const { ok, sent, onHost, received, relay } = facts.file;
    expect(ok).toBe(true);
    expect(received).toMatchObject(sent);
    expect(sent.readable).toBe(true);
    expect(onHost.readable).toBe(false);
    // AES-CBC with PKCS#7: the next multiple of 16
    expect(onHost.bytes).toBe(Math.floor(sent.bytes / 16) * 16 + 16);
    expect(relay).toMatchObject({ sawFile: false, sawUrl: false });
  });
});

describe('the attacks', () => {
  it('are refused, each with its code', () => {
    expect(facts.attacks.attempts.map(({ victim, code, outcome }) => [victim, code ?? outcome])).toEqual([
      ['bob', 'ERR_SIGNATURE'],
      ['bob', 'ERR_DECRYPT'],
      ['bob', 'ERR_BINDING'],
      ['bob', 'duplicate'],
      ['carol', 'ERR_BINDING'],
      ['bob', 'ERR_META'],
    ]);
    expect(facts.attacks.ok).toBe(true);
  });

  it('fail because of what was altered: the message itself is accepted', () => {
    expect(facts.attacks.unaltered).toBe('accepted');
  });
});

describe('a step that lacks somebody', () => {
  it('says who', async () => {
    const empty = newWorld();
    await expect(runConversation(empty)).rejects.toThrow('alice is not here yet');
    await joinNewUser(empty, 'alice');
    await expect(runConversation(empty)).rejects.toThrow('bob is not here yet');
    await closeWorld(empty);
  });
});
