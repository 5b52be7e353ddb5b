import { StationTransport } from '@dimp/client/websocket';
import { createText } from '@dimp/dkd';
import { Facebook, Messenger, registerUser } from '@dimp/sdk';
import { StationServer } from '@dimp/station';
import type { Input } from './input.js';

/** Starts a station, by which two people talk. */
export async function run({ location }: Input): Promise<unknown> {
  const station = new StationServer({ data: location, listen: { port: 0 } });
  const { url } = await station.start();
  const alice = await join('alice', url, 'ECC');
  const bob = await join('bob', url, 'RSA');
  await alice.facebook.saveMeta(await bob.user.meta(), bob.user.id);

  const message = bob.messenger.once('message');
  await alice.messenger.sendContent(createText('Hello Bob'), bob.user.id);
  const { content, labels } = await message;
  const { sessions } = station.status();
  for (const { messenger, transport } of [alice, bob]) {
    await messenger.close();
    await transport.close();
  }
  await station.close();
  return {
    heard: {
      signature: labels.signature.algorithm,
      encryption: labels.encryption?.algorithm,
      bound: labels.bound,
      text: content.kind === 'text' ? content.text : content.kind,
    },
    sessions,
  };
}

async function join(name: string, url: string, algorithm: string) {
  const facebook = new Facebook();
  const user = await registerUser(facebook, { name, algorithm });
  const transport = new StationTransport({ facebook, user: user.id, stations: [{ url }] });
  const messenger = new Messenger({ facebook, transport });
  await transport.connect();
  return { facebook, user, transport, messenger };
}
