import { createRegistry, type JsonObject, parseJsonObject, parseSymmetricKey } from '@dimp/crypto';
import { defaultAsymmetric, defaultSymmetric } from '@dimp/crypto/defaults';
import { encodeUtf8 } from '@dimp/crypto/format';
import {
  decryptMessage,
  formatReliableMessage,
  type MessageContext,
  parseReliableMessage,
  verifyMessage,
} from '@dimp/dkd';
import { defaultCommands, defaultContents } from '@dimp/dkd/defaults';
import { parseMeta } from '@dimp/mkm';
import { defaultAddresses, defaultMetas } from '@dimp/mkm/defaults';
import type { Input } from './input.js';

const context: MessageContext = {
  asymmetric: createRegistry('asymmetric algorithm', defaultAsymmetric),
  symmetric: createRegistry('symmetric algorithm', defaultSymmetric),
  addresses: defaultAddresses,
  metas: createRegistry('kind of meta', defaultMetas),
  contents: createRegistry('content definition', defaultContents),
  commands: createRegistry('command definition', defaultCommands),
};

/** Opens a published message, writes it again, and refuses it when a byte is another. */
export async function run({ user, message }: Input): Promise<unknown> {
  const json = parseJsonObject(encodeUtf8(message.package), 'Package');
  const reliable = parseReliableMessage(json, context);
  const { key } = parseMeta(user.meta, context);
  const verified = await verifyMessage(reliable, [key]);
  if (verified === undefined) throw new Error('the published signature is good');
  const { content } = await decryptMessage(verified, parseSymmetricKey(message.key, context), context);
  const altered = { ...reliable, data: reliable.data.map(byte => byte ^ 1) };
  return {
    published: content.kind === 'text' && content.text,
    same: sorted(formatReliableMessage(reliable)) === sorted(json),
    altered: (await verifyMessage(altered, [key])) !== undefined,
  };
}

const sorted = (json: JsonObject): string => JSON.stringify(Object.entries(json).sort());
