import { isJsonObject, type JsonObject, parsePublicKey } from '@dimp/crypto';
import {
  createMetaID,
  formatMeta,
  generateMeta,
  isValidMeta,
  matchMetaKey,
  parseID,
  parseMeta,
  verifyMeta,
} from '@dimp/mkm';
import { userOf } from '../accounts.js';
import type { Operation } from '../operation.js';

/** Metas made, checked and compared with keys. */
export const metaOperations: readonly Operation[] = [
  {
    code: 'meta-check',
    async run(input, { protocol }) {
      const meta = parseMeta(input.value('meta'), protocol);
      const id = parseID(input.value('ID'), protocol);
      return {
        valid: await isValidMeta(meta, protocol),
        match: (await verifyMeta(meta, id, protocol)) !== undefined,
      };
    },
  },
  {
    code: 'meta-generate',
    async run(input, { accounts, protocol, expected }) {
      const { metaKey } = userOf(accounts, input.value('user')).keys();
      const meta = await generateMeta(metaKey, input.text('seed'), protocol);
      const networks = isJsonObject(expected['ids']) ? Object.keys(expected['ids']) : [];
      const ids = networks.map(network => [network, createMetaID(meta, Number(network), protocol).text]);
      return { meta: formatMeta(meta), ids: Object.fromEntries(ids) as JsonObject };
    },
  },
  {
    code: 'meta-match-key',
    async run(input, { protocol }) {
      const meta = parseMeta(input.value('meta'), protocol);
      const key = parsePublicKey(input.value('public_key'), protocol);
      return { match: await matchMetaKey(meta, key, protocol) };
    },
  },
];
