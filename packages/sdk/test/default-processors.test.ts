import {
  type Content,
  createMetaCommand,
  createProfileCommand,
  createProfileQuery,
  createText,
} from '@dimp/dkd';
import { formatMeta } from '@dimp/mkm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  createReceipt,
  defaultProcessors,
  type ProcessorFactory,
  referenceProcessors,
} from '../src/index.js';
import { introduce, type Person, person, tell, write } from './kit.js';

let alice: Person;
let carol: Person;
beforeAll(async () => {
  alice = await person('alice');
  carol = await person('carol', { profile: { name: 'Carol' } });
});

/** What Bob answers to Alice: the text or message of each answer. */
async function answers(
  said: Content,
  processors: Iterable<ProcessorFactory> = referenceProcessors(),
  prepare: (bob: Person) => Promise<void> = async () => undefined,
): Promise<readonly string[]> {
  const bob = await person('bob', { processors });
  await introduce(alice, bob);
  await prepare(bob);
  const outcome = await bob.messenger.processMessage(await write(alice, bob.id, said));
  if (outcome.kind !== 'accepted') return [outcome.kind === 'rejected' ? outcome.error.code : outcome.kind];
  const texts: string[] = [];
  for (const reply of outcome.replies) {
    const read = await alice.messenger.processMessage(reply);
    if (read.kind !== 'accepted') throw new Error(read.kind);
    const { content } = read.message;
    if (content.kind === 'text') texts.push(content.text);
    else if (content.kind === 'receipt-command') texts.push(`receipt: ${content.message}`);
    else texts.push(content.kind);
  }
  return texts;
}

const knowsCarol = (bob: Person): Promise<void> => tell(bob, carol);

describe('answers word for word as peers give them', () => {
  it('to what has no processor', async () => {
    expect(await answers(createText('hello'))).toEqual(['Content (type: 1) not support yet!']);
    expect(await answers(createReceipt('got it'))).toEqual(['Command (name: receipt) not support yet!']);
  });

  it('none to an answer of that kind, but one to what only looks like it', async () => {
    for (const text of [
      'Content (type: 1) not support yet!',
      'Command (name: a) b) not support yet!',
      'Command (name: two\nlines) not support yet!',
    ]) {
      expect(await answers(createText(text))).toEqual([]);
    }
    for (const text of ['content (type: 1) not support yet!', 'Content (type: 1) not support yet! ']) {
      expect(await answers(createText(text))).toEqual(['Content (type: 1) not support yet!']);
    }
  });

  it('to metas', async () => {
    const { id } = carol;
    const meta = await carol.user.meta();
    const wrong = await alice.user.meta();
    expect(await answers(createMetaCommand(id))).toEqual([`Sorry, meta for ${id.text} not found.`]);
    expect(await answers(createMetaCommand(id), referenceProcessors(), knowsCarol)).toEqual(['meta-command']);
    expect(await answers(createMetaCommand(id, meta))).toEqual([`receipt: Meta received: ${id.text}`]);
    expect(await answers(createMetaCommand(id, wrong))).toEqual([`Meta not match ID: ${id.text}`]);
    const unreadable = { ...createMetaCommand(id), meta: { version: 1 } };
    expect(await answers(unreadable)).toEqual([`Meta not match ID: ${id.text}`]);
    const { id: _, ...nameless } = createMetaCommand(id);
    expect(await answers(nameless)).toEqual(['ERR_REFUSED']);
  });

  it('to profiles', async () => {
    const { id } = carol;
    const profile = await carol.user.profile();
    if (profile === undefined) throw new Error('no profile');
    const meta = await carol.user.meta();
    const reference = referenceProcessors();
    expect(await answers(createProfileQuery(id))).toEqual([`Sorry, profile for ${id.text} not found.`]);
    expect(await answers(createProfileQuery(id), reference, knowsCarol)).toEqual(['profile-command']);
    expect(await answers(createProfileCommand(id, profile))).toEqual([`Profile not match ID: ${id.text}`]);
    expect(await answers(createProfileCommand(id, profile), reference, knowsCarol)).toEqual([
      `receipt: Profile received: ${id.text}`,
    ]);
    expect(await answers(createProfileCommand(id, profile, meta))).toEqual([
      `receipt: Profile received: ${id.text}`,
    ]);
    const wrongMeta = createProfileCommand(id, profile, await alice.user.meta());
    expect(await answers(wrongMeta)).toEqual([`Meta not match ID: ${id.text}`]);
    const altered = createProfileCommand(id, { ...profile, data: '{"name":"Mallory"}' }, meta);
    expect(await answers(altered)).toEqual([`Profile not match ID: ${id.text}`]);
    const metaOnly = { ...createProfileQuery(id), meta: formatMeta(meta) };
    expect(await answers(metaOnly)).toEqual([`Sorry, profile for ${id.text} not found.`]);
    const { id: _, ...nameless } = createProfileQuery(id);
    expect(await answers(nameless)).toEqual(['ERR_REFUSED']);
  });
});

describe('the defaults', () => {
  it('are silent to what people read and to receipts, and answer the rest', async () => {
    expect(await answers(createText('hello'), defaultProcessors())).toEqual([]);
    expect(await answers(createReceipt('got it'), defaultProcessors())).toEqual([]);
    expect(await answers(createMetaCommand(alice.id), defaultProcessors())).toEqual(['meta-command']);
  });
});
