// What the page offers to the test: a small program on a store. Everything goes in and comes out as JSON.
import { createText } from '@dimp/dkd';
import { Facebook, MemoryRelay, Messenger, registerUser } from '@dimp/sdk';
import { installTestUsers } from '@dimp/sdk/test-users';
import { conversationsPart, exportAccount, importAccount, openStore, type Store } from '@dimp/store';

/** What is known after opening. */
export interface OpenedPage {
  readonly protection: string;
  readonly persistence: string;
  readonly isFirst: boolean;
  readonly users: readonly string[];
}

/** One message of the conversation with hulk. */
export interface ShownMessage {
  readonly text: string;
  readonly state: string;
}

let store: Store;
let facebook: Facebook;
let messenger: Messenger;

const app = {
  /** The code of the error when it does not open. */
  async open(location: string, passphrase?: string): Promise<OpenedPage | string> {
    try {
      const cost = { N: 1024, r: 8, p: 1 };
      store = await openStore({ location, cost, ...(passphrase !== undefined && { passphrase }) });
    } catch (error) {
      return String((error as { code?: unknown }).code ?? error);
    }
    facebook = new Facebook({ archive: store.archive });
    const users = (await facebook.localUsers()).map(({ id }) => id.text);
    const { protection, isFirst } = store;
    return { protection, isFirst, persistence: await store.persistence, users };
  },

  /** Makes a user who knows hulk. */
  async register(name: string): Promise<string> {
    const { id } = await registerUser(facebook, { name, algorithm: 'ECC', bits: 1024 });
    const others = new Facebook();
    const [hulk] = await installTestUsers(others);
    await facebook.saveMeta((await others.loadMeta(hulk)) as never, hulk);
    await facebook.saveProfile((await others.loadProfile(hulk)) as never, hulk);
    await facebook.addContact(id, hulk);
    return id.text;
  },

  /** Sends texts one after another to the first contact; resolves when all are on disk. */
  async send(...texts: string[]): Promise<readonly string[]> {
    const { id } = await facebook.currentUser();
    const [peer] = await facebook.loadContacts(id);
    messenger ??= new Messenger({ store, facebook, transport: new MemoryRelay().connect(id) });
    const kinds: string[] = [];
    for (const text of texts) kinds.push((await messenger.sendContent(createText(text), peer as never)).kind);
    return kinds;
  },

  async messages(): Promise<readonly ShownMessage[]> {
    const { id } = await facebook.currentUser();
    const [peer] = await facebook.loadContacts(id);
    const conversation = { user: id, peer: peer as never };
    const list = await store.conversations.list(conversation, { after: 0, limit: 1000 });
    return list.map(({ state, message: { content } }) => ({
      text: content.kind === 'text' ? content.text : content.kind,
      state,
    }));
  },

  isGood: async (): Promise<boolean> => (await store.verify()).isGood,
  isFirst: (): boolean => store.isFirst,
  whenFirst: (): Promise<void> => store.whenFirst,
  changePassphrase: (passphrase: string): Promise<void> => store.changePassphrase(passphrase),
  close: (): Promise<void> => store.close(),

  async exportAccount(passphrase: string): Promise<string> {
    const { id } = await facebook.currentUser();
    return exportAccount(store, id, passphrase, { parts: [conversationsPart(store)] });
  },

  async importAccount(text: string, passphrase: string): Promise<string> {
    const parts = [conversationsPart(store)];
    return (await importAccount(text, passphrase, store, { parts })).user.text;
  },
};

/** What the test calls. */
export type App = typeof app;

Object.assign(globalThis, { app });
