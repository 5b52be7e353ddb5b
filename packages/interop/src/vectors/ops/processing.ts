import { formatJson, isJsonObject, type JsonObject, type JsonReader, type JsonValue } from '@dimp/crypto';
import { type Content, formatContent, formatEnvelope, type ReliableMessage } from '@dimp/dkd';
import { equalID, parseID } from '@dimp/mkm';
import type { Facebook, Received } from '@dimp/sdk';
import { type UserAccount, userOf } from '../accounts.js';
import { VectorFormError } from '../case.js';
import { refused } from '../compare.js';
import { createReader, requireForeseen } from '../exchange.js';
import type { CaseContext, Operation } from '../operation.js';
import { createSender, type Sender } from '../sending.js';
import { createWorld } from '../world.js';

/** Requests through the whole pipeline, with what is answered and what is remembered. */
export const processingOperations: readonly Operation[] = [
  {
    code: 'process',
    async run(input, context) {
      const { facebook, sender, received } = await process(input, context);
      const after = await rememberedAfter(facebook, context);
      const [reply] = received.kind === 'accepted' ? received.replies : [];
      // "refused" is no answer and nothing changed; whether the application was told is its own affair
      const isSilent = reply === undefined && sender.sent.length + sender.suspended.length === 0;
      if (isRefused(received) || (isSilent && context.expected['refused'] === true))
        return { ...refused, ...after };
      return {
        ...after,
        ...(await answerOf(reply, context)),
        sent: await Promise.all(sender.sent.map(message => describeSent(message, context))),
        suspended: sender.suspended.length,
      };
    },
    comparable: withoutFreeMembers,
  },
  {
    code: 'process-forward',
    async run(input, context) {
      const { received } = await process(input, context);
      if (isRefused(received)) return refused;
      const [reply] = received.kind === 'accepted' ? received.replies : [];
      if (reply === undefined) return { response: null };
      const outer = await openAnswer(reply, context);
      const [inner] = outer.kind === 'forward' ? outer.messages : [];
      return {
        response_envelope: envelopeOf(reply),
        forward_envelope: inner === undefined ? null : envelopeOf(inner),
        inner_response:
          inner === undefined ? null : formatContent(await openAnswer(inner, context), context.protocol),
      };
    },
    comparable: withoutFreeMembers,
  },
];

interface Processing {
  readonly facebook: Facebook;
  readonly sender: Sender;
  readonly received: Received;
}

async function process(input: JsonReader, { accounts, protocol }: CaseContext): Promise<Processing> {
  const as = userOf(accounts, input.value('as'));
  const state = input.optionalObject('state') ?? {};
  const facebook = await createWorld(accounts, protocol, {
    as,
    knownMetas: state['known_metas'],
    knownProfiles: state['known_profiles'],
    members: state['members'],
    assistants: state['assistants'],
  });
  const sender = createSender(facebook);
  const text = formatJson(input.value('package') ?? null, 'package');
  const received = requireForeseen(await sender.messenger.processPackage(text));
  const result = { ...sender, sent: [...sender.sent], suspended: [...sender.suspended] };
  await sender.messenger.close();
  return { facebook, sender: result, received };
}

/** A bad signature is dropped without a word (v1.md 12.2); everything else that comes to nothing was refused. */
function isRefused(received: Received): boolean {
  if (received.kind === 'rejected') return received.error.code !== 'ERR_SIGNATURE';
  return received.kind === 'not-for-us';
}

async function answerOf(reply: ReliableMessage | undefined, context: CaseContext): Promise<JsonObject> {
  if (reply === undefined) return { response: null };
  const content = await openAnswer(reply, context);
  return { response: formatContent(content, context.protocol), response_envelope: envelopeOf(reply) };
}

async function describeSent(message: ReliableMessage, context: CaseContext): Promise<JsonObject> {
  const content = await openAnswer(message, context);
  return { receiver: message.envelope.receiver.text, content: formatContent(content, context.protocol) };
}

/** Opens a message as the one it is for, with his private keys. */
async function openAnswer(message: ReliableMessage, { accounts, protocol }: CaseContext): Promise<Content> {
  const { receiver } = message.envelope;
  const as = [...accounts.users.values()].find((user: UserAccount) => equalID(user.id, receiver));
  if (as === undefined)
    throw new VectorFormError(`no user ${receiver.text} in the accounts to read the answer`);
  const reader = createReader(await createWorld(accounts, protocol, { as }));
  const received = await reader.processMessage(message, { as: as.id });
  if (received.kind === 'accepted') return received.message.content;
  throw received.kind === 'rejected'
    ? received.error
    : new VectorFormError(`the answer was ${received.kind}`);
}

function envelopeOf(message: ReliableMessage): JsonObject {
  return formatEnvelope(message.envelope);
}

/** Members, metas and profiles of whom the case wants to know. */
async function rememberedAfter(facebook: Facebook, { expected, protocol }: CaseContext): Promise<JsonObject> {
  const { members_after: membersAfter, known_after: knownAfter } = expected;
  const members: [string, JsonValue][] = [];
  for (const group of isJsonObject(membersAfter) ? Object.keys(membersAfter) : []) {
    const list = await facebook.archive.loadMembers(parseID(group, protocol));
    members.push([group, list?.map(id => id.text) ?? null]);
  }
  const known: [string, JsonValue][] = [];
  for (const text of isJsonObject(knownAfter) ? Object.keys(knownAfter) : []) {
    const id = parseID(text, protocol);
    const meta = (await facebook.loadMeta(id)) !== undefined;
    // a profile counts for nothing as long as the meta that it was signed with is not here
    known.push([text, { meta, profile: meta && (await facebook.loadProfile(id)) !== undefined }]);
  }
  return { members_after: Object.fromEntries(members), known_after: Object.fromEntries(known) };
}

/** `sn` and `time` are free in answers, and in their envelopes. */
function withoutFreeMembers(result: JsonObject): JsonObject {
  const { sent, ...rest } = result;
  const members = Object.entries(rest).map(([name, value]): [string, JsonValue] => [
    name,
    answerMembers.has(name) ? withoutFree(value) : value,
  ]);
  return {
    ...Object.fromEntries(members),
    ...(Array.isArray(sent) && { sent: sent.map(withoutFreeContent) }),
  };
}

const answerMembers: ReadonlySet<string> = new Set([
  'response',
  'response_envelope',
  'forward_envelope',
  'inner_response',
]);

function withoutFreeContent(sent: JsonValue): JsonValue {
  return isJsonObject(sent) ? { ...sent, content: withoutFree(sent['content']) } : sent;
}

function withoutFree(json: JsonValue | undefined): JsonValue {
  if (!isJsonObject(json)) return json ?? null;
  const { sn: _, time: __, ...rest } = json;
  return rest;
}
