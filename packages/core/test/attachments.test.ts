import { type AnyFileContent, createFile, createText } from '@dimp/dkd';
import { describe, expect, it } from '@jest/globals';
import type { AttachmentContext, AttachmentHandler } from '../src/index.js';
import { id, instant, machine, open, send } from './kit.js';

const data = Uint8Array.of(1, 2, 3);

/** Puts files on a shelf, encrypted. */
class Shelf implements AttachmentHandler {
  readonly files: Map<string, Uint8Array> = new Map();
  readonly contexts: AttachmentContext[] = [];

  async beforeEncrypt<C extends AnyFileContent>(content: C, context: AttachmentContext): Promise<C> {
    this.contexts.push(context);
    const { data: file, ...rest } = content;
    if (file === undefined) return content;
    const url = `shelf:${this.files.size}`;
    this.files.set(url, await context.key.encrypt(file));
    return { ...rest, url } as C;
  }

  async afterDecrypt<C extends AnyFileContent>(content: C, context: AttachmentContext): Promise<C> {
    this.contexts.push(context);
    const file = this.files.get(content.url ?? '');
    if (file === undefined) return { ...content, password: context.key };
    return { ...content, data: await context.key.decrypt(file) };
  }
}

describe('files', () => {
  it('are handed over with the message key, on both sides', async () => {
    const shelf = new Shelf();
    const [hulk, moki] = ['hulk', 'moki'].map(name => machine(name, { transceiver: { attachments: shelf } }));
    if (hulk === undefined || moki === undefined) throw new Error('two machines');
    const given = createFile({ data, filename: 'a.txt' });
    const message = await send(hulk, instant('hulk', 'moki', given));
    const opened = await open(moki, message, 'moki');
    expect(opened.message.content).toMatchObject({ kind: 'file', data, url: 'shelf:0', filename: 'a.txt' });
    expect(opened.protection.bound).toBe(true);
    expect(given.data).toBe(data);
    expect(shelf.files.get('shelf:0')).not.toEqual(data);
    const seen = shelf.contexts.map(({ sender, receiver, key }) => [sender.key, receiver.key, key.algorithm]);
    expect(seen).toEqual(new Array(2).fill([id('hulk').key, id('moki').key, 'AES']));
  });

  it('that cannot be fetched leave their password', async () => {
    const hulk = machine('hulk', { transceiver: { attachments: new Shelf() } });
    const moki = machine('moki', { transceiver: { attachments: new Shelf() } });
    const opened = await open(moki, await send(hulk, instant('hulk', 'moki', createFile({ data }))), 'moki');
    expect(opened.message.content).toMatchObject({ url: 'shelf:0', password: opened.key });
  });

  it('in broadcasts are in the clear', async () => {
    const shelf = new Shelf();
    const hulk = machine('hulk', { transceiver: { attachments: shelf } });
    await send(hulk, instant('hulk', 'everyone@everywhere', createFile({ data })));
    expect(shelf.files.get('shelf:0')).toEqual(data);
    expect(shelf.contexts[0]?.key.algorithm).toBe('PLAIN');
  });

  it('stay inside without a handler, and texts are not handed over', async () => {
    const shelf = new Shelf();
    const moki = machine('moki', { transceiver: { attachments: shelf } });
    const inside = await open(
      machine('moki'),
      await send(machine('hulk'), instant('hulk', 'moki', createFile({ data }))),
      'moki',
    );
    expect(inside.message.content).toMatchObject({ data });
    await open(moki, await send(machine('hulk'), instant('hulk', 'moki', createText('x'))), 'moki');
    expect(shelf.contexts).toEqual([]);
  });

  it('pass on the signal', async () => {
    const shelf = new Shelf();
    const hulk = machine('hulk', { transceiver: { attachments: shelf } });
    const { signal } = new AbortController();
    await hulk.transceiver.encrypt(instant('hulk', 'moki', createFile({ data })), { signal });
    expect(shelf.contexts[0]?.signal).toBe(signal);
  });
});
