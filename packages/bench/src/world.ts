import type { BarrackSource, KeyPolicy, Protocol, Transceiver } from '@dimp/core';
import type { Content } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import { type Account, type AccountKeys, createAccount } from './accounts.js';
import type { Side } from './sides.js';

/** Alice, who sends to Bob and to groups, with everybody known to everybody and no disk or network. */
export interface World {
  readonly side: Side;
  readonly protocol: Protocol;
  readonly alice: Account;
  readonly bob: Account;
  /** A transceiver that knows everybody. */
  transceiver(policy?: KeyPolicy): Transceiver;
  /** Makes a group of so many new members, each with one of these keys, and gives it with its members. */
  addGroup(members: number, keys: readonly AccountKeys[]): Promise<{ id: ID; members: readonly Account[] }>;
}

/** For ever the same message key. */
export const reusedKeys: KeyPolicy = {
  maxMessages: Number.MAX_SAFE_INTEGER,
  maxAge: Number.MAX_SAFE_INTEGER,
};

/** When all messages are sent, in seconds. */
const time = 1_586_000_000;

export async function createWorld(side: Side, alice: AccountKeys, bob: AccountKeys): Promise<World> {
  const { kit } = side;
  const protocol = createProtocol(side);
  const people = new Map<string, Account>();
  const groups = new Map<string, readonly ID[]>();
  const metas = new Map<string, Account['meta']>();
  const addAccount = async (name: string, keys: AccountKeys): Promise<Account> => {
    const account = await createAccount(name, keys, kit, protocol);
    people.set(account.id.key, account);
    metas.set(account.id.key, account.meta);
    return account;
  };
  const source: BarrackSource = {
    loadMeta: id => metas.get(id.key),
    loadProfile: id => people.get(id.key)?.profile,
    loadSignKey: id => people.get(id.key)?.signKey,
    loadDecryptKeys: id => [people.get(id.key)?.decryptKey].filter(key => key !== undefined),
    loadMembers: id => groups.get(id.key),
    loadAssistants: () => [],
    saveMeta: () => undefined,
    saveProfile: () => undefined,
  };
  const sender = await addAccount('alice', alice);
  return {
    side,
    protocol,
    alice: sender,
    bob: await addAccount('bob', bob),
    transceiver: policy =>
      new kit.Transceiver({
        barrack: new kit.Barrack({ protocol, source }),
        keyStore: new kit.MemoryKeyStore(policy ? { policy } : {}),
      }),
    async addGroup(count, keys) {
      const meta = await kit.generateMeta(sender.signKey, `group-of-${count}`, protocol);
      const id = kit.createMetaID(meta, kit.NetworkType.group, protocol);
      const members: Account[] = [];
      for (let number = 0; number < count; number++) {
        members.push(await addAccount(`member-${number}`, keys[number % keys.length] as AccountKeys));
      }
      metas.set(id.key, meta);
      groups.set(
        id.key,
        members.map(member => member.id),
      );
      return { id, members };
    },
  };
}

/** The whole protocol of generation 1 with a side's cryptography. */
export function createProtocol({ kit, asymmetric, symmetric }: Side): Protocol {
  return kit.createProtocol({
    asymmetric,
    symmetric,
    addresses: kit.defaultAddresses,
    metas: kit.defaultMetas,
    contents: kit.defaultContents,
    commands: kit.defaultCommands,
  });
}

/** From a text to the bytes of a package. */
export async function pack(
  transceiver: Transceiver,
  world: World,
  receiver: ID,
  text: string,
): Promise<Uint8Array> {
  const { kit } = world.side;
  const message = kit.createInstantMessage({ sender: world.alice.id, receiver, time }, kit.createText(text));
  const encrypted = await transceiver.encrypt(message);
  return kit.formatPackage(await transceiver.sign(encrypted.message));
}

/** From the bytes of a package to the content that Bob reads. */
export async function unpack(transceiver: Transceiver, world: World, data: Uint8Array): Promise<Content> {
  const verified = await transceiver.verify(world.side.kit.parsePackage(data, world.protocol));
  return (await transceiver.decrypt(verified.message, world.bob.id)).message.content;
}
