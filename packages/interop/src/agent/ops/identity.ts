import { DimpError, type JsonReader, NotFoundError, parsePrivateKey, parsePublicKey } from '@dimp/crypto';
import { matchKeys } from '@dimp/crypto/match';
import {
  createBtcAddress,
  createMetaID,
  createProfile,
  equalID,
  formatMeta,
  formatProfile,
  generateMeta,
  type ID,
  isGroupID,
  NetworkType,
  parseMeta,
  parseProfile,
  signProfile,
  verifyMeta,
} from '@dimp/mkm';
import { describeID } from '../../describe-id.js';
import { readID, readOptionalID } from '../arguments.js';
import type { AgentOperation } from '../operation.js';
import type { Session } from '../session.js';

/** Addresses, IDs, metas and profiles. */
export const identityOperations: readonly AgentOperation[] = [
  { code: 'parse_id', run: (args, { session }) => describeID(readID(args, 'ID', session.protocol)) },
  {
    code: 'same_id',
    run: (args, { session: { protocol } }) =>
      equalID(readID(args, 'a', protocol), readID(args, 'b', protocol)),
  },
  {
    code: 'address_from_fingerprint',
    run(args) {
      const number = args.optionalInteger('network') ?? NetworkType.main;
      const address = createBtcAddress(args.bytes('fingerprint'), number);
      return { address: address.text, network: address.network, number: address.number };
    },
  },
  {
    code: 'generate_meta',
    async run(args, { session: { protocol } }) {
      const key = parsePrivateKey(args.value('private_key'), protocol, args.at('private_key'));
      return formatMeta(await generateMeta(key, args.text('seed'), protocol));
    },
  },
  {
    code: 'id_from_meta',
    run(args, { session: { protocol } }) {
      const meta = parseMeta(args.value('meta'), protocol, args.at('meta'));
      return createMetaID(meta, args.integer('network'), protocol).text;
    },
  },
  {
    code: 'verify_meta',
    run(args, { session: { protocol } }) {
      const id = readID(args, 'ID', protocol);
      return falseIfMalformed(async () => {
        const meta = parseMeta(args.value('meta'), protocol);
        return (await verifyMeta(meta, id, protocol)) !== undefined;
      });
    },
  },
  {
    code: 'import_meta',
    run(args, { session: { facebook, protocol } }) {
      const id = readID(args, 'ID', protocol);
      return falseIfMalformed(() => facebook.saveMeta(parseMeta(args.value('meta'), protocol), id));
    },
  },
  {
    code: 'verify_profile',
    run(args, { session: { facebook, protocol } }) {
      const id = readOptionalID(args, 'ID', protocol);
      return falseIfMalformed(async () => {
        const profile = parseProfile(args.value('profile'), protocol);
        return (await facebook.verifyProfile(profile, id ?? profile.id)) !== undefined;
      });
    },
  },
  {
    code: 'import_profile',
    run(args, { session: { facebook, protocol } }) {
      const id = readOptionalID(args, 'ID', protocol);
      return falseIfMalformed(() => facebook.saveProfile(parseProfile(args.value('profile'), protocol), id));
    },
  },
  {
    code: 'get_meta',
    async run(args, { session: { facebook, protocol } }) {
      const meta = await facebook.loadMeta(readID(args, 'ID', protocol));
      return meta === undefined ? null : formatMeta(meta);
    },
  },
  {
    code: 'get_profile',
    async run(args, { session: { facebook, protocol } }) {
      const profile = await facebook.loadProfile(readID(args, 'ID', protocol));
      return profile === undefined ? null : formatProfile(profile);
    },
  },
  {
    code: 'sign_profile',
    async run(args, { session }) {
      const id = readID(args, 'ID', session.protocol);
      const signer = await selectSigner(args, id, session);
      const keys = await session.facebook.loadUserKeys(signer);
      if (keys === undefined) throw new NotFoundError('private key', signer.text, 'import the signer first.');
      return formatProfile(await signProfile(createProfile(id, args.object('properties')), keys.metaKey));
    },
  },
  {
    code: 'key_match',
    run: (args, { session: { protocol } }) =>
      matchKeys(
        parsePublicKey(args.value('public_key'), protocol, args.at('public_key')),
        parsePrivateKey(args.value('private_key'), protocol, args.at('private_key')),
      ),
  },
];

/** A user signs for himself, a group's owner for the group. */
async function selectSigner(args: JsonReader, id: ID, { facebook, protocol }: Session): Promise<ID> {
  const signer = readOptionalID(args, 'signer', protocol);
  if (signer !== undefined || !isGroupID(id)) return signer ?? id;
  const owner = await (await facebook.group(id))?.owner();
  if (owner !== undefined) return owner;
  throw new NotFoundError('owner', id.text, 'name the signer.');
}

/** What cannot be read is not good either. */
async function falseIfMalformed(check: () => Promise<boolean>): Promise<boolean> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof DimpError) return false;
    throw error;
  }
}
