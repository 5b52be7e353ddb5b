import { StationTransport } from '@dimp/client/websocket';
import { Facebook, registerUser } from '@dimp/sdk';

/** A transport is made and closed; the station's program has one to connect to. */
export async function run(): Promise<unknown> {
  const facebook = new Facebook();
  const { id } = await registerUser(facebook, { name: 'alice', algorithm: 'ECC' });
  const transport = new StationTransport({
    facebook,
    user: id,
    stations: [{ url: 'ws://127.0.0.1:9394' }],
  });
  const before = transport.state.kind;
  await transport.close();
  return { before, after: transport.state.kind };
}
