import type { JsonObject } from '@dimp/crypto';
import { parseMeta, parseProfile, type Station } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { Facebook } from '../src/index.js';
import {
  formatProviderRecord,
  formatStationRecord,
  parseProviderRecord,
  parseStationRecord,
  providerKey,
  stationLocation,
} from '../src/station-record.js';
import { account, codeOf, freeze, protocol, vectors } from './services-kit.js';

const station = account('station').ID;
const provider = account('provider').ID;
const certificate = vectors<{ json: JsonObject }, object>('services', 'certificate')[0]?.in
  .json as JsonObject;
const key = account('moki').meta['key'] as JsonObject;

describe('a station record', () => {
  it('comes out as it went in', () => {
    for (const json of [
      { ID: station },
      { ID: station, host: '127.0.0.1', port: 9394 },
      { ID: station, host: '127.0.0.1', port: 9394, SP: provider, CA: certificate },
      {
        ID: station,
        host: 'dim.example',
        port: 1,
        SP: { ID: provider, publicKey: key, name: 'GSP' },
        more: null,
      },
    ]) {
      expect(formatStationRecord(parseStationRecord(freeze(json), protocol))).toEqual(json);
    }
  });

  it('reads other spellings and writes its own', () => {
    const record = parseStationRecord({ ID: station, port: '8080', SP: { ID: provider } }, protocol);
    expect(record).toMatchObject({ port: 8080, provider: { id: { text: provider } } });
    expect(formatStationRecord(record)).toEqual({ ID: station, port: 8080, SP: provider });
  });

  it('names the member that is wrong', async () => {
    const read = (json: JsonObject) => () => parseStationRecord(json, protocol);
    expect(read({ ID: provider })).toThrow(
      'StationRecord.ID: expected the ID of a station (type 136), got one of type 118',
    );
    expect(read({ ID: station, SP: station })).toThrow(
      'StationRecord.SP.ID: expected the ID of a provider (type 118)',
    );
    for (const json of [
      {},
      { ID: 'anyone@anywhere' },
      { ID: station, port: 0 },
      { ID: station, port: 65_536 },
      { ID: station, port: 'http' },
      { ID: station, host: 1 },
      { ID: station, SP: 7 },
      { ID: station, CA: {} },
    ]) {
      expect(await codeOf(read(json as JsonObject))).toBe('ERR_PARSE');
    }
  });

  interface In {
    readonly ID: string;
    readonly profile: JsonObject | null;
  }
  for (const { name, in: given, out } of vectors<In, { host: string; port: number }>('services', 'station')) {
    it(name, async () => {
      const facebook = new Facebook({ protocol });
      const id = facebook.parseID(given.ID);
      await facebook.saveMeta(parseMeta(account('station').meta, protocol), id);
      if (given.profile !== null) await facebook.saveProfile(parseProfile(given.profile, protocol));
      const entity = (await facebook.user(id)) as Station;
      const { host, port } = parseStationRecord({ ID: given.ID }, protocol);
      expect({ host, port }).toEqual({});
      expect(await stationLocation({}, entity)).toEqual(out);
      // the record comes before the profile
      expect(await stationLocation({ port: 80 }, entity)).toEqual({ host: out.host, port: 80 });
      expect(await stationLocation({ host: '', port: 80 }, entity)).toEqual({ host: out.host, port: 80 });
      expect(await stationLocation({ host: '::1' }, entity)).toEqual({ host: '::1', port: out.port });
    });
  }

  it('without a profile to look at stands for no place', async () => {
    expect(await stationLocation({})).toEqual({ host: '0.0.0.0', port: 9394 });
  });
});

describe('a provider record', () => {
  it('comes out as it went in', () => {
    for (const json of [{ ID: provider }, { ID: provider, publicKey: key, CA: certificate, founded: 2018 }]) {
      expect(formatProviderRecord(parseProviderRecord(freeze(json), protocol))).toEqual(json);
    }
    const short = parseProviderRecord({ ID: provider, PK: key }, protocol);
    expect(formatProviderRecord(short)).toEqual({ ID: provider, publicKey: key });
  });

  it('has a key of its own, or the one of its certificate', () => {
    const other = account('anna').meta['key'] as JsonObject;
    expect(
      providerKey(parseProviderRecord({ ID: provider, PK: other, CA: certificate }, protocol))?.json,
    ).toEqual(other);
    expect(providerKey(parseProviderRecord({ ID: provider, CA: certificate }, protocol))?.json).toEqual(key);
    expect(providerKey(parseProviderRecord({ ID: provider }, protocol))).toBeUndefined();
  });

  it('is of a provider', () => {
    expect(() => parseProviderRecord({ ID: station }, protocol)).toThrow(
      'ProviderRecord.ID: expected the ID of a provider (type 118), got one of type 136',
    );
  });
});
