import { join } from 'node:path';
import { formatMeta, parseID } from '@dimp/mkm';
import { defaultProtocol } from '@dimp/sdk';
import { openFolder } from '@dimp/store/folder';
import { atMost, type Closers } from './closers.js';
import { createDesk } from './desk/create-desk.js';
import { FileService } from './files/file-service.js';
import { UploadTokens } from './files/upload-tokens.js';
import type { HttpHandler } from './framings/http-handler.js';
import { JsonLinesFraming } from './framings/json-lines.js';
import { WebSocketFraming } from './framings/websocket.js';
import { Handshakes } from './handshake.js';
import type { StationHealth } from './http/station-control.js';
import { stationHttp } from './http/station-http.js';
import { Inbound } from './inbound.js';
import { openMessageStore } from './level-message-store.js';
import { openUserDirectory } from './level-user-directory.js';
import { Listener } from './listener.js';
import { MemorySessionDirectory } from './memory-session-directory.js';
import type { MessageStore } from './message-store.js';
import type { Metrics } from './metrics.js';
import { defaultLimits, defaultListen, defaultRetention } from './options.js';
import { PrometheusMetrics } from './prometheus-metrics.js';
import { Roster } from './roster.js';
import type { SessionDirectory } from './session.js';
import { SlowLane } from './slow-lane.js';
import { openStationAccount, type StationAccount } from './station-account.js';
import { StationMail } from './station-mail.js';
import type { StationAddress, StationOptions } from './station-options.js';
import { StationRelay } from './station-relay.js';
import { StationSweeps } from './station-sweeps.js';
import { stationUrl, uploadOffer } from './station-url.js';
import { readTls } from './tls.js';
import type { UserDirectory } from './user-directory.js';
import { Voice } from './voice.js';
import { Watchdog } from './watchdog.js';

/** Works with private keys that are under way at once: metas of new users share syncs of the disk. */
const laneWidth = 8;
/** Seconds that what is under way has to end when the station stops. */
const stopSeconds = 5;

/** What a station that runs consists of. */
export interface OpenStation {
  readonly account: StationAccount;
  readonly messages: MessageStore;
  readonly sessions: SessionDirectory;
  readonly users: UserDirectory;
  readonly roster: Roster;
  readonly inbound: Inbound;
  readonly listener: Listener;
  readonly address: StationAddress;
}

/** What is kept, and who hears of what. */
interface Kept extends Pick<OpenStation, 'account' | 'messages' | 'sessions' | 'users'> {
  readonly clock: () => number;
  readonly report: (error: unknown) => void;
}

/**
 * Puts a station together, and begins to listen last.
 * @param closers is given what closes each thing that was opened, also when opening the next one fails
 */
export async function openStation(
  options: StationOptions,
  closers: Closers,
  health: () => StationHealth,
): Promise<OpenStation> {
  const tls = options.tls && (await readTls(options.tls));
  const limits = { ...defaultLimits, ...options.limits };
  // before anything is made: an account stays
  const isNeighbour = neighbourCheck(options);
  const kept = await openKept(options, closers);
  const { account, messages, sessions, users, clock, report } = kept;
  const { facebook, id } = account;
  const tokens = new UploadTokens({ clock });
  const { metrics, http } = await openHttp(options, kept, { tokens, health }, closers);
  const watchdog = new Watchdog(limits);
  closers.add(() => watchdog.close());

  const relay = new StationRelay({
    station: id,
    context: facebook.protocol,
    people: facebook.archive,
    users,
    store: messages,
    sessions,
    metrics,
    clock,
    bufferedBytes: limits.bufferedBytes,
    report,
  });
  const { log } = options;
  const roster = new Roster(limits);
  const voice = new Voice({ account, metrics, bufferedBytes: limits.bufferedBytes, log });
  const lane = new SlowLane({ width: laneWidth, traffic: () => inbound.relayedCount });
  const listen = { ...defaultListen, ...options.listen };
  let url = '';
  const offerUpload = (user: Parameters<UploadTokens['issue']>[0]) =>
    uploadOffer(options, url, tokens.issue(user));
  const handshakes = new Handshakes({
    voice,
    roster,
    sessions,
    users,
    relay,
    limits,
    metrics,
    isNeighbour,
    offerUpload: options.files === false ? undefined : offerUpload,
    log,
  });
  const desk = createDesk({ account, users, sessions, metrics, log });
  const mail = new StationMail({ account, voice, lane, handshakes, desk, relay, log });
  const parts = { account, voice, mail, handshakes, relay, sessions, users, limits, watchdog, metrics, log };
  const inbound: Inbound = new Inbound(parts);
  const framing = { limits, welcome: inbound.welcome.bind(inbound), watchdog };
  const framings = [
    new WebSocketFraming({ ...framing, http, failed: report }),
    new JsonLinesFraming(framing),
  ];
  const listener = new Listener({ listen, limits, framings, watchdog, metrics, tls, failed: report });
  const { port } = await listener.start();
  url = stationUrl(options, listen.host, port);
  closers.add(async () => {
    listener.stop();
    await atMost(stopSeconds, inbound.stop());
    await relay.close();
    await listener.close();
  });
  const address = { id: id.text, meta: formatMeta(account.meta), host: listen.host, port, url };
  return { account, messages, sessions, users, roster, inbound, listener, address };
}

async function openKept(options: StationOptions, closers: Closers): Promise<Kept> {
  const { data, ports = {}, log, clock = () => Date.now() / 1000 } = options;
  const report = (error: unknown) => log?.logger.error({ err: error }, 'failed');
  // first, as its lock is that of the whole folder
  const account = await openStationAccount({
    location: join(data, 'account'),
    name: options.name,
    passphrase: options.passphrase,
    bits: options.keyBits,
    clock: () => Math.floor(clock()),
  });
  closers.add(() => account.store.close());
  const messages = ports.messageStore ?? (await openMessages(options, clock, report));
  closers.add(() => messages.close());
  const { protocol } = account.facebook;
  const users = ports.users ?? (await openUserDirectory(await openFolder(join(data, 'users')), { protocol }));
  closers.add(() => users.close());
  const sessions = ports.sessions ?? new MemorySessionDirectory({ clock });
  return { account, messages, sessions, users, clock, report };
}

async function openMessages(
  { data, retention }: StationOptions,
  clock: () => number,
  report: (error: unknown) => void,
): Promise<MessageStore> {
  const opened = await openFolder(join(data, 'messages'));
  return openMessageStore(opened, { retention: { ...defaultRetention, ...retention }, clock, report });
}

/** What is answered by HTTP: files, for monitoring, and what the options add. */
async function openHttp(
  options: StationOptions,
  { account, messages, sessions, users, clock, report }: Kept,
  { tokens, health }: { readonly tokens: UploadTokens; readonly health: () => StationHealth },
  closers: Closers,
): Promise<{ readonly metrics: Metrics; readonly http: HttpHandler }> {
  let files: FileService | undefined;
  const prometheus =
    options.metrics === undefined
      ? new PrometheusMetrics({
          gauges: {
            sessions: () => sessions.sessionCount,
            users: () => sessions.userCount,
            storedMessages: () => messages.total.messages,
            storedBytes: () => messages.total.bytes,
            files: () => files?.count.files ?? 0,
            fileBytes: () => files?.count.bytes ?? 0,
          },
        })
      : undefined;
  const metrics = options.metrics ?? (prometheus as PrometheusMetrics);
  if (options.files !== false) {
    files = await FileService.open({
      folder: join(options.data, 'files'),
      protocol: account.facebook.protocol,
      tokens,
      metrics,
      isBanned: ({ text }) => users.bannedUsers().some(({ address }) => address.text === text),
      ...(options.files && { options: options.files }),
    });
    const { close } = files;
    closers.add(() => atMost(stopSeconds, close.call(files)));
  }
  const sweeps = new StationSweeps(files === undefined ? [messages] : [messages, files], clock, report);
  closers.add(() => sweeps.close());
  const http = stationHttp({
    control: { health },
    ...(prometheus && { metrics: prometheus }),
    openMetrics: options.openMetrics ?? false,
    routes: options.routes,
    files,
    onError: report,
  });
  return { metrics, http };
}

function neighbourCheck({ neighbours = [] }: StationOptions): (user: { key: string }) => boolean {
  const protocol = defaultProtocol();
  const ids = neighbours.map(text => parseID(text, protocol, 'neighbours'));
  const keys = new Set(ids.map(({ key }) => key));
  return ({ key }) => keys.has(key);
}
