import { exportKey, type JsonObject, JsonReader, NotFoundError, parsePrivateKey } from '@dimp/crypto';
import { formatMeta, formatProfile, type ID, parseMeta } from '@dimp/mkm';
import { registerUser } from '@dimp/sdk';
import { installTestUsers } from '@dimp/sdk/test-users';
import { readFlag, readID, readOptionalObject } from '../arguments.js';
import type { AgentOperation } from '../operation.js';
import type { Session } from '../session.js';
import { importGroup } from './groups.js';
import { keepMeta, keepProfile } from './keeping.js';

/** The size of RSA keys that generation 1 makes when it is not told otherwise (v1.md 2.1). */
const defaultBits = 1024;

/** Users with private keys, who act here. */
export const accountOperations: readonly AgentOperation[] = [
  {
    code: 'generate_user',
    async run(args, { session }) {
      const network = args.optionalInteger('network');
      const profile = readOptionalObject(args, 'profile');
      const user = await registerUser(session.facebook, {
        name: args.text('name'),
        bits: args.optionalInteger('bits') ?? defaultBits,
        profileKey: readFlag(args, 'profile_key'),
        ...(network !== undefined && { network }),
        ...(profile && { profile }),
      });
      return exportUser(user.id, session);
    },
  },
  { code: 'import_user', run: async (args, { session }) => ({ ID: (await importUser(args, session)).text }) },
  {
    // somebody with private keys, a group, or somebody of whom only the public part is given
    code: 'import_account',
    async run(args, { session }) {
      const account = new JsonReader(args.object('account'), args.at('account'));
      if (account.value('private_key') !== undefined)
        return { ID: (await importUser(account, session)).text };
      if (account.value('members') !== undefined) return { ID: (await importGroup(account, session)).text };
      const id = readID(account, 'ID', session.protocol);
      await keepMeta(account, id, session);
      await keepProfile(account, id, session);
      return { ID: id.text };
    },
  },
  {
    code: 'export_user',
    run: (args, { session }) => exportUser(readID(args, 'ID', session.protocol), session),
  },
  {
    code: 'install_immortals',
    run: async (_args, { session }) => (await installTestUsers(session.facebook)).map(id => id.text),
  },
];

async function importUser(args: JsonReader, session: Session): Promise<ID> {
  const { facebook, protocol } = session;
  const id = readID(args, 'ID', protocol);
  const keys = args.optionalList('decrypt_keys') ?? [];
  await facebook.addLocalUser(id, parseMeta(args.value('meta'), protocol, args.at('meta')), {
    metaKey: parsePrivateKey(args.value('private_key'), protocol, args.at('private_key')),
    profileKeys: keys.map((key, index) => ({
      key: parsePrivateKey(key, protocol, `${args.at('decrypt_keys')}[${index}]`),
    })),
  });
  await keepProfile(args, id, session);
  return id;
}

async function exportUser(id: ID, { facebook }: Session): Promise<JsonObject> {
  const keys = await facebook.loadUserKeys(id);
  const meta = await facebook.loadMeta(id);
  if (keys === undefined || meta === undefined) {
    throw new NotFoundError('private key', id.text, 'only users who act here can be exported.');
  }
  const profile = await facebook.loadProfile(id);
  return {
    ID: id.text,
    meta: formatMeta(meta),
    private_key: exportKey(keys.metaKey),
    decrypt_keys: keys.profileKeys.map(({ key }) => exportKey(key)),
    profile: profile === undefined ? null : formatProfile(profile),
  };
}
