import { type JsonObject, JsonReader, ParseError, type PublicKey, parsePublicKey } from '@dimp/crypto';
import { type ID, type IdentityContext, NetworkType, parseID, type Station } from '@dimp/mkm';
import { type Certificate, formatCertificate, parseCertificate } from './certificate.js';

/** What is noted of a service provider. */
export interface ProviderRecord {
  readonly id: ID;
  readonly publicKey?: PublicKey;
  /** Not verified: see `verifyCertificate`. */
  readonly certificate?: Certificate;
  /** Members of the object beside these. */
  readonly extra: JsonObject;
}

/** What is noted of a station: who it is, where to connect and who runs it. */
export interface StationRecord {
  readonly id: ID;
  /** Absent when the record does not say; `stationLocation` tells what then counts. */
  readonly host?: string;
  /** 1 to 65535. */
  readonly port?: number;
  readonly provider?: ProviderRecord;
  /** Not verified: see `verifyCertificate`. */
  readonly certificate?: Certificate;
  /** Members of the object beside these. */
  readonly extra: JsonObject;
}

/**
 * Reads a provider's record (v1.md 6.1).
 *
 * Wire: `{ ID, publicKey?: {…}, CA?: {…} }`; also read: `PK` for `publicKey`.
 * @throws {ParseError} when a member is missing or of another type, or the ID is not a provider's (type 118)
 */
export function parseProviderRecord(
  json: unknown,
  context: Pick<IdentityContext, 'addresses' | 'asymmetric'>,
  path = 'ProviderRecord',
): ProviderRecord {
  const reader = new JsonReader(json, path);
  const id = readID(reader, NetworkType.provider, context);
  const keyName = reader.value('publicKey') === undefined ? 'PK' : 'publicKey';
  const key = reader.value(keyName);
  const certificate = readCertificate(reader, context);
  return {
    id,
    ...(key !== undefined && { publicKey: parsePublicKey(key, context, reader.at(keyName)) }),
    ...(certificate && { certificate }),
    extra: reader.extra(),
  };
}

/** Writes what `parseProviderRecord` reads. */
export function formatProviderRecord(record: ProviderRecord): JsonObject {
  const { id, publicKey, certificate, extra } = record;
  return {
    ...extra,
    ID: id.text,
    ...(publicKey && { publicKey: publicKey.json }),
    ...(certificate && { CA: formatCertificate(certificate) }),
  };
}

/**
 * The key of a provider: the one in the record, else the one its certificate names. As good as the record is.
 */
export function providerKey(record: ProviderRecord): PublicKey | undefined {
  return record.publicKey ?? record.certificate?.publicKey;
}

/**
 * Reads a station's record (v1.md 6.1).
 *
 * Wire: `{ ID, host, port: 9394, SP?: "<ID>", CA?: {…} }`, where `SP` is a provider's record when there is
 * more to say of it than its ID; also read: a record with nothing but an ID, decimal text for `port`.
 * @throws {ParseError} when a member is missing or of another type, or an ID is not a station's (type 136)
 * or, of `SP`, not a provider's (type 118)
 */
export function parseStationRecord(
  json: unknown,
  context: Pick<IdentityContext, 'addresses' | 'asymmetric'>,
  path = 'StationRecord',
): StationRecord {
  const reader = new JsonReader(json, path);
  const id = readID(reader, NetworkType.station, context);
  const host = reader.optionalText('host');
  const port = reader.optionalInteger('port');
  if (port !== undefined && !(port > 0 && port < 65_536)) {
    throw new ParseError(reader.at('port'), `expected 1 to 65535, got ${port}`);
  }
  const provider = reader.value('SP');
  const certificate = readCertificate(reader, context);
  return {
    id,
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(provider !== undefined && {
      provider: parseProviderRecord(
        typeof provider === 'string' ? { ID: provider } : provider,
        context,
        reader.at('SP'),
      ),
    }),
    ...(certificate && { certificate }),
    extra: reader.extra(),
  };
}

/** Writes what `parseStationRecord` reads. */
export function formatStationRecord(record: StationRecord): JsonObject {
  const { id, host, port, provider, certificate, extra } = record;
  const providerJson = provider && formatProviderRecord(provider);
  return {
    ...extra,
    ID: id.text,
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(providerJson && { SP: Object.keys(providerJson).length === 1 ? provider.id.text : providerJson }),
    ...(certificate && { CA: formatCertificate(certificate) }),
  };
}

/**
 * Where to connect: as the record says, else as the station's profile does, else `0.0.0.0` and 9394.
 * @param station the station itself, when its meta is here
 */
export async function stationLocation(
  record: Pick<StationRecord, 'host' | 'port'>,
  station?: Pick<Station, 'location'>,
): Promise<{ readonly host: string; readonly port: number }> {
  const { host, port } = record;
  const other = (await station?.location()) ?? { host: '0.0.0.0', port: 9394 };
  return { host: host || other.host, port: port ?? other.port };
}

const kinds = { [NetworkType.provider]: 'provider', [NetworkType.station]: 'station' } as const;

function readID(
  reader: JsonReader,
  network: keyof typeof kinds,
  context: Pick<IdentityContext, 'addresses'>,
): ID {
  const id = parseID(reader.value('ID'), context, reader.at('ID'));
  const got = id.address.network;
  if (got === network) return id;
  const problem = `expected the ID of a ${kinds[network]} (type ${network}), got one of type ${got}`;
  throw new ParseError(reader.at('ID'), problem);
}

function readCertificate(
  reader: JsonReader,
  context: Pick<IdentityContext, 'asymmetric'>,
): Certificate | undefined {
  const json = reader.value('CA');
  return json === undefined ? undefined : parseCertificate(json, context, reader.at('CA'));
}
