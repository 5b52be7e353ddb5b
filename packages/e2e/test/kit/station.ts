import { once } from 'node:events';
import type { StationStatus } from '@dimp/station';
import type { StationJob } from '../programs/station.js';
import { Child } from './child.js';
import { newFolder } from './folder.js';
import { freePort } from './free-port.js';

/** A station in a process of its own, always at the same place. */
export class Station {
  readonly url: string;
  readonly port: number;
  /** Its ID, as text. */
  id = '';
  readonly #job: StationJob;
  #child: Child | undefined;

  private constructor(job: StationJob, port: number) {
    this.#job = { ...job, listen: { port } };
    this.port = port;
    this.url = `ws://127.0.0.1:${port}`;
  }

  /** Starts one, in a new folder unless told otherwise. */
  static async start(options: Omit<Partial<StationJob>, 'listen'> = {}): Promise<Station> {
    const { data = await newFolder() } = options;
    const station = new Station({ ...options, data }, await freePort());
    await station.start();
    return station;
  }

  /** What it wrote to its standard error since it was started last. */
  get errors(): string {
    return this.#running.errors;
  }

  /** Starts it again. */
  async start(): Promise<void> {
    this.#child = new Child('station', this.#job);
    await this.#child.said(lines => lines.length > 0);
    this.id = String(this.#child.lines[0]?.['id']);
  }

  /** Ends it as a power cut would. */
  kill(): Promise<void> {
    return this.#running.kill();
  }

  /** Asks it to end, as a system does that goes down. */
  async stop(): Promise<void> {
    const { code, signal } = await this.#running.stop();
    if (code !== 0) throw new Error(`expected an orderly end, got ${code ?? signal}: ${this.errors}`);
  }

  /** What it is doing, and the bytes of memory it uses. */
  async status(): Promise<StationStatus & { readonly memory: number }> {
    const { process } = this.#running;
    const answer = once(process, 'message');
    process.send('status');
    const [status] = await answer;
    return status;
  }

  get #running(): Child & { readonly process: { send(message: string): unknown } } {
    if (this.#child === undefined) throw new Error('expected a station that was started');
    return this.#child as Child & { readonly process: { send(message: string): unknown } };
  }
}
