import type { TestRunner } from '@dimp/crypto/conformance';
import type { Meta } from '@dimp/mkm';
import { type TransportPair, transportConformance } from '@dimp/sdk/conformance';
import { describe, it } from '@jest/globals';
import { type StationAddress, StationTransport } from '../src/websocket/index.js';
import { inbox, parcel, person, until } from './kit.js';
import { AcknowledgingStation } from './stations/acknowledging.js';
import { Clerk } from './stations/clerk.js';
import { Generation1Station } from './stations/generation-1.js';
import { Generation2Station } from './stations/generation-2.js';

type ScriptedStation = AcknowledgingStation | Generation1Station | Generation2Station;

/** Two users at a station. What it says about their logins has come before the tests begin. */
async function stationPair(station: ScriptedStation, at: StationAddress): Promise<TransportPair> {
  const [alice, bob] = [await person('alice'), await person('bob')];
  const ways = [alice, bob].map(
    ({ facebook, id }) =>
      new StationTransport({ facebook, user: id, stations: [at], backoff: { firstSeconds: 60 } }),
  );
  const [near, far] = ways as [StationTransport, StationTransport];
  const early = inbox(far);
  await Promise.all(ways.map(way => way.connect()));
  await until(() => station.heard.filter(kind => kind === 'login-command').length === 2);
  if (station instanceof Generation1Station) await until(() => early.length === 1);
  return {
    near,
    far,
    package: (number, size) => parcel(alice.id, bob.id, number, size),
    cut: () => station.server.close(),
    async close() {
      await station.server.close();
      await Promise.all(ways.map(way => way.close()));
    },
  };
}

function suite(name: string, make: (clerk: Clerk) => ScriptedStation): void {
  const runner: TestRunner = {
    describe: (what, body) => describe(`${what} to ${name}`, body),
    it: (what, body) => it(what, body, 20_000),
  };
  transportConformance(runner, {
    async create() {
      const clerk = await Clerk.create('gsp');
      const station = make(clerk);
      await station.server.listen();
      const meta = (await clerk.facebook.loadMeta(clerk.id)) as Meta;
      return stationPair(station, { url: station.url, id: clerk.id, meta });
    },
  });
}

suite('a scripted station of generation 1', clerk => new Generation1Station(clerk));
suite('a scripted station of generation 2', clerk => new Generation2Station(clerk));
suite('a scripted station that acknowledges', clerk => new AcknowledgingStation(clerk));
