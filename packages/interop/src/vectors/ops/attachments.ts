import { isJsonObject, type JsonObject, type JsonValue, parseJsonObject } from '@dimp/crypto';
import { decodeBase64, encodeBase64 } from '@dimp/crypto/format';
import {
  formatContent,
  formatReliableMessage,
  parseContent,
  parseReliableMessage,
  type ReliableMessage,
  signMessage,
} from '@dimp/dkd';
import { parseID } from '@dimp/mkm';
import { attachmentHandler, type FileHost } from '@dimp/sdk';
import { type UserAccount, userOf } from '../accounts.js';
import { createReader, encryptGiven, maskKeys, requireForeseen } from '../exchange.js';
import { type CaseContext, expectEqual, type Operation } from '../operation.js';
import { createWorld } from '../world.js';
import { parseAnySymmetricKey } from './keys.js';

/** Files, sent with and without a host. */
export const attachmentOperations: readonly Operation[] = [
  {
    code: 'attachment',
    async run(input, context) {
      const { accounts, protocol, expected } = context;
      const as = userOf(accounts, input.value('sender'));
      const reader = userOf(accounts, input.value('reader'));
      const facebook = await createWorld(accounts, protocol, { as });
      const host = new CaseFileHost(input.value('upload') === true ? expected['uploaded'] : undefined);
      const time = input.optionalNumber('time');
      const envelope = {
        sender: as.id,
        receiver: parseID(input.value('receiver'), protocol),
        ...(time !== undefined && { time }),
      };
      const instant = { envelope, content: parseContent(input.value('content'), protocol), extra: {} };
      const encrypted = await encryptGiven(instant, facebook, {
        key: parseAnySymmetricKey(input.value('key'), protocol),
        contentText: String(expected['content_text']),
        attachments: attachmentHandler(host),
      });
      const ours = await signMessage(encrypted.message, as.keys().metaKey);
      const theirs = parseReliableMessage(expected['reliable'], protocol);
      return {
        uploaded: host.uploaded(),
        content_text: JSON.stringify(encrypted.contentJson),
        reliable: formatReliableMessage(ours),
        received: await openBoth(theirs, ours, reader, new CaseFileHost(expected['uploaded']), context),
        received_without_download: await openBoth(theirs, ours, reader, new CaseFileHost(undefined), context),
      };
    },
    comparable: result => ({
      ...result,
      content_text: parseJsonObject(String(result['content_text']), 'content_text'),
      reliable: maskKeys(result['reliable']),
    }),
  },
];

/** A host that files go to under the URLs of the case: what they are is the host's choice. */
class CaseFileHost implements FileHost {
  readonly #files: JsonObject | undefined;
  readonly #uploaded = new Map<string, Uint8Array>();

  constructor(files: JsonValue | undefined) {
    this.#files = isJsonObject(files) ? files : undefined;
  }

  async upload(data: Uint8Array | ReadableStream<Uint8Array>): Promise<string | undefined> {
    const [url] = Object.keys(this.#files ?? {}).filter(known => !this.#uploaded.has(known));
    if (url === undefined || !(data instanceof Uint8Array)) return undefined;
    this.#uploaded.set(url, data);
    return url;
  }

  async download(url: string): Promise<Uint8Array | undefined> {
    const file = this.#files?.[url];
    return typeof file === 'string' ? decodeBase64(file) : undefined;
  }

  uploaded(): JsonObject {
    return Object.fromEntries([...this.#uploaded].map(([url, data]) => [url, encodeBase64(data)]));
  }
}

async function openBoth(
  theirs: ReliableMessage,
  ours: ReliableMessage,
  as: UserAccount,
  host: FileHost,
  { accounts, protocol }: CaseContext,
): Promise<JsonValue> {
  const contents: JsonValue[] = [];
  for (const message of [theirs, ours]) {
    const reader = createReader(await createWorld(accounts, protocol, { as }), attachmentHandler(host));
    const received = requireForeseen(await reader.processMessage(message, { as: as.id }));
    contents.push(
      received.kind === 'accepted' ? formatContent(received.message.content, protocol) : received.kind,
    );
  }
  const [first = null, second = null] = contents;
  expectEqual(second, first, 'what is found in our message');
  return first;
}
