import { exportKey, type JsonObject, parsePrivateKey } from '@dimp/crypto';
import { formatMeta, type ID, parseMeta } from '@dimp/mkm';
import { defaultProtocol, Facebook, registerUser } from '@dimp/sdk';

/** Somebody with a key, as JSON, so that any process can be him. */
export interface Account {
  readonly id: string;
  readonly meta: JsonObject;
  readonly privateKey: JsonObject;
}

/** What others have of him. */
export type Card = Pick<Account, 'id' | 'meta'>;

/** Makes somebody with an RSA key of 1024 bits, as generation 1 has it. */
export async function newAccount(name: string): Promise<Account> {
  const privateKey = await defaultProtocol().asymmetric.get('RSA').generatePrivateKey({ bits: 1024 });
  const user = await registerUser(new Facebook(), { name, privateKey, profileKey: false });
  return { id: user.id.text, meta: formatMeta(await user.meta()), privateKey: exportKey(privateKey) };
}

/** Has somebody act here, unless he does already. */
export async function enter(facebook: Facebook, { id, meta, privateKey }: Account): Promise<ID> {
  const { protocol } = facebook;
  const user = facebook.parseID(id);
  if ((await facebook.archive.loadLocalUsers()).length > 0) return user;
  const metaKey = parsePrivateKey(privateKey, protocol);
  await facebook.addLocalUser(user, parseMeta(meta, protocol), { metaKey, profileKeys: [] });
  return user;
}

/** Has others known here. */
export async function meet(facebook: Facebook, cards: readonly Card[]): Promise<void> {
  for (const { id, meta } of cards) {
    await facebook.saveMeta(parseMeta(meta, facebook.protocol), facebook.parseID(id));
  }
}
