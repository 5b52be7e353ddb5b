import { Counter, Gauge, Registry } from 'prom-client';
import { LatencyHistogram } from './latency-histogram.js';
import type { Metrics } from './metrics.js';
import type { RefusalReason } from './refusal.js';

/** What is read when somebody asks, instead of counted all the time. */
export interface StationGauges {
  readonly sessions?: () => number;
  readonly users?: () => number;
  readonly storedMessages?: () => number;
  readonly storedBytes?: () => number;
  readonly files?: () => number;
  readonly fileBytes?: () => number;
}

/** How metrics are kept. */
export interface PrometheusMetricsOptions {
  readonly gauges?: StationGauges;
  /** Commands counted by name; all others, whose names are whatever was sent, together as `other`. */
  readonly commands?: readonly string[];
}

const gaugeTexts: Readonly<Record<keyof StationGauges, readonly [name: string, help: string]>> = {
  sessions: ['sessions', 'Sessions that are logged in.'],
  users: ['users_online', 'Users with a session.'],
  storedMessages: ['stored_messages', 'Messages that wait for their receivers.'],
  storedBytes: ['stored_bytes', 'Bytes of the messages that wait.'],
  files: ['files', 'Files that are kept.'],
  fileBytes: ['file_bytes', 'Bytes of the files that are kept.'],
};

const knownCommands = [
  'block',
  'contacts',
  'handshake',
  'login',
  'meta',
  'mute',
  'profile',
  'receipt',
  'report',
  'search',
  'storage',
  'users',
];

/** Metrics as Prometheus reads them, in a registry of their own. */
export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #commands: ReadonlySet<string>;
  readonly #connections = this.#gauge('connections', 'Connections that are open.', 'framing');
  readonly #connectionsTotal = this.#counter('connections_total', 'Connections that came.', 'framing');
  readonly #logins = this.#counter('logins_total', 'Handshakes that succeeded.');
  readonly #accepted = new LatencyHistogram('dimp_station_accepted_seconds', 'From arrival until on disk.');
  readonly #delivered = new LatencyHistogram(
    'dimp_station_delivered_seconds',
    'From arrival until handed to a session.',
  );
  #relayed = 0;
  #stored = 0;
  #storedBytes = 0;
  readonly #repeated = this.#counter('repeated_total', 'Messages that had come before.');
  readonly #refused = this.#counter('refused_total', 'Messages that were refused.', 'reason');
  readonly #command = this.#counter('commands_total', 'Commands for the station itself.', 'name');
  readonly #uploads = this.#counter('file_uploads_total', 'Files that were uploaded.');
  readonly #uploadBytes = this.#counter('file_upload_bytes_total', 'Bytes of files that were uploaded.');
  readonly #downloads = this.#counter('file_downloads_total', 'Downloads of files or pieces of them.');
  readonly #downloadBytes = this.#counter('file_download_bytes_total', 'Bytes that were downloaded.');

  constructor({ gauges = {}, commands = knownCommands }: PrometheusMetricsOptions = {}) {
    this.#commands = new Set(commands);
    for (const [member, [name, help]] of Object.entries(gaugeTexts)) {
      const read = gauges[member as keyof StationGauges];
      if (read !== undefined) this.#readGauge(`dimp_station_${name}`, help, read);
    }
    this.#readCounter('relayed_total', 'Messages for others that were taken.', () => this.#relayed);
    this.#readCounter('stored_messages_total', 'Messages that were stored.', () => this.#stored);
    this.#readCounter('stored_bytes_total', 'Bytes of messages that were stored.', () => this.#storedBytes);
    this.#readGauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
    this.#readGauge('process_cpu_seconds_total', 'Processor time.', () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    });
  }

  /** The media type of `text`. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything, as it is now. */
  async text(): Promise<string> {
    const others = await this.#registry.metrics();
    return `${others}\n${this.#accepted.text()}\n${this.#delivered.text()}`;
  }

  connectionOpened(framing: string): void {
    this.#connections.inc({ framing });
    this.#connectionsTotal.inc({ framing });
  }

  connectionClosed(framing: string): void {
    this.#connections.dec({ framing });
  }

  loggedIn(): void {
    this.#logins.inc();
  }

  delivered(seconds: number): void {
    this.#delivered.observe(seconds);
  }

  accepted(seconds: number): void {
    this.#relayed++;
    this.#accepted.observe(seconds);
  }

  stored(bytes: number): void {
    this.#stored++;
    this.#storedBytes += bytes;
  }

  repeated(): void {
    this.#repeated.inc();
  }

  refused(reason: RefusalReason): void {
    this.#refused.inc({ reason });
  }

  command(name: string): void {
    this.#command.inc({ name: this.#commands.has(name) ? name : 'other' });
  }

  fileUploaded(bytes: number): void {
    this.#uploads.inc();
    this.#uploadBytes.inc(bytes);
  }

  fileDownloaded(bytes: number): void {
    this.#downloads.inc();
    this.#downloadBytes.inc(bytes);
  }

  #readGauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** What is counted for every message is counted here. */
  #readCounter(name: string, help: string, read: () => number): void {
    new Counter({
      name: `dimp_station_${name}`,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  #gauge(name: string, help: string, ...labelNames: string[]): Gauge {
    return new Gauge({ name: `dimp_station_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #counter(name: string, help: string, ...labelNames: string[]): Counter {
    return new Counter({ name: `dimp_station_${name}`, help, labelNames, registers: [this.#registry] });
  }
}
