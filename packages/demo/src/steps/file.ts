import { equalBytes } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';
import { encodeHex, encodeUtf8 } from '@dimp/crypto/format';
import { createFile, type FileContent } from '@dimp/dkd';
import type { Printer } from '../print.js';
import { RelayWatch } from '../relay-watch.js';
import type { Facts } from '../step.js';
import { personOf, type World } from '../world.js';

/** A file as somebody has it. */
export interface FileCopy {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Whether the file's text can be read in it. */
  readonly readable: boolean;
}

export interface FileFacts extends Facts {
  readonly filename: string;
  readonly url: string;
  readonly sent: FileCopy;
  readonly onHost: FileCopy;
  readonly received: FileCopy & { readonly filename: string };
  readonly relay: { readonly bytes: number; readonly sawFile: boolean; readonly sawUrl: boolean };
}

const filename = 'map.txt';
const mark = 'X marks the place under the old clock.';

/** Bob sends alice a file: through the file host, with the address of it inside the message. */
export async function runFile(world: World): Promise<FileFacts> {
  const alice = personOf(world, 'alice');
  const bob = personOf(world, 'bob');
  const data = encodeUtf8(`${'~ '.repeat(2_000)}\n${mark}\n`);
  const before = world.uploads.length;
  const watch = new RelayWatch(world.relay);
  const sent = await bob.messenger.sendContent(createFile({ filename, data }), alice.id);
  if (sent.kind === 'failed') throw sent.error;
  const accepted = await alice.inbox.take('file', world.signal);
  watch.stop();
  const content = accepted.content as FileContent;
  const received = content.data ?? new Uint8Array(0);
  const url = world.uploads[before] ?? '';
  // as anybody would fetch it who came by the address
  const onHost = await bytesOf(await alice.host.download(url));
  const relay = {
    bytes: JSON.stringify(watch.packages.at(-1) ?? {}).length,
    sawFile: watch.saw(mark),
    sawUrl: url === '' || watch.saw(url),
  };
  const ok =
    equalBytes(received, data) &&
    onHost.length > 0 &&
    !describeCopy(onHost).readable &&
    !relay.sawFile &&
    !relay.sawUrl;
  return {
    ok,
    filename,
    url,
    sent: describeCopy(data),
    onHost: describeCopy(onHost),
    received: { filename: content.filename ?? '', ...describeCopy(received) },
    relay,
  };
}

async function bytesOf(file: Uint8Array | ReadableStream<Uint8Array> | undefined): Promise<Uint8Array> {
  return new Uint8Array(await new Response((file ?? null) as BodyInit | null).arrayBuffer());
}

function describeCopy(data: Uint8Array): FileCopy {
  const readable = Buffer.from(data).includes(mark);
  return { bytes: data.length, sha256: encodeHex(sha256(data)), readable };
}

export function printFile({ url, sent, onHost, received, relay }: FileFacts, printer: Printer): void {
  printer.check(sent.readable, `bob sends ${filename}, ${describe(sent)}`);
  printer.check(!onHost.readable, `the host holds ciphertext only, ${describe(onHost)}`);
  printer.row('at', url);
  printer.check(
    !relay.sawFile && !relay.sawUrl,
    `the relay passed on ${relay.bytes} bytes: neither the file nor where it stands`,
  );
  printer.check(received.sha256 === sent.sha256, `alice has the same file, ${describe(received)}`);
  printer.row('named', received.filename);
  printer.note('Nothing signs a file by itself: a host can spoil one, but not read it.');
}

function describe({ bytes, sha256: digest }: FileCopy): string {
  return `${bytes} bytes, SHA-256 ${digest.slice(0, 12)}…`;
}
