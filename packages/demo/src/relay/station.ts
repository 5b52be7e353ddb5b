import { HttpFileHost } from '@dimp/client/file-host';
import { StationTransport } from '@dimp/client/websocket';
import { parseMeta } from '@dimp/mkm';
import type { PackageListener, Relay } from './relay.js';
import { type StationProcessOptions, startStation } from './station-process.js';

/** A station in a process of its own: people come to it by WebSocket, and files by HTTP. */
export async function startStationRelay(options: StationProcessOptions): Promise<Relay> {
  const { facts, meta, stop } = await startStation(options);
  const { signal } = options;
  const listeners = new Set<PackageListener>();
  return {
    station: facts,
    async join(user, facebook) {
      const { url } = facts;
      const address = {
        url,
        id: facebook.parseID(facts.id),
        meta: parseMeta(meta, facebook.protocol),
      };
      const transport = new StationTransport({ facebook, user, stations: [address], agent: 'dimp demo' });
      try {
        await transport.connect({ signal });
      } catch (error) {
        // it would go on trying
        await transport.close();
        throw error;
      }
      const upload = () => (transport.state.kind === 'ready' ? transport.state.upload : undefined);
      return {
        transport: {
          // byte for byte what goes to the station's socket
          send(data, sending) {
            for (const listener of listeners) listener(data);
            return transport.send(data, sending);
          },
          subscribe: listener => transport.subscribe(listener),
        },
        host: new HttpFileHost({ session: { upload } }),
        close: () => transport.close(),
      };
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: stop,
  };
}
