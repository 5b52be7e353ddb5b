import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterTest } from './after-test.js';
import { FrameCutter } from './frames.js';

/** What a network does to what passes. Nothing, when absent. */
export interface Weather {
  /** Milliseconds that a piece takes longer. */
  readonly delay?: () => number;
  /** Whether a package goes twice. */
  readonly repeats?: () => boolean;
  /** Whether the connection is cut here, in the middle of a package. */
  readonly cuts?: () => boolean;
}

/** A bad network: a way to a station by TCP on which a test does what networks do. */
export class Network {
  weather: Weather = {};
  /** What clients and station said, frame by frame. */
  readonly said: { readonly by: 'client' | 'station'; readonly text: string }[] = [];
  /** Connections that came. */
  count = 0;
  repeated = 0;
  cutCount = 0;
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  readonly #stalled = new Set<Socket>();
  #isRefusing = false;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer({ noDelay: true }, near => this.#join(near));
  }

  static async before(target: { readonly port: number }): Promise<Network> {
    const network = new Network(target.port);
    network.#server.listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    afterTest(() => {
      network.cut();
      network.#server.close();
    });
    return network;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends all connections as a cable that breaks. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#sockets.clear();
  }

  /** From now on nothing passes by the connections that there are, and neither end hears of the other's. */
  stall(): void {
    for (const socket of this.#sockets) {
      this.#stalled.add(socket);
      socket.pause();
    }
  }

  /** Takes no new connections, or does again. */
  refuse(isRefusing: boolean): void {
    this.#isRefusing = isRefusing;
  }

  #join(near: Socket): void {
    near.on('error', () => undefined);
    if (this.#isRefusing) {
      near.resetAndDestroy();
      return;
    }
    this.count++;
    const far = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    this.#pass('client', near, far);
    this.#pass('station', far, near);
  }

  #pass(by: 'client' | 'station', from: Socket, to: Socket): void {
    const cutter = new FrameCutter();
    this.#sockets.add(from);
    from.on('error', () => undefined);
    from.on('data', data => {
      from.pause();
      void this.#carry(by, cutter.take(data), to).then(goesOn => {
        if (!goesOn) {
          from.resetAndDestroy();
          to.resetAndDestroy();
        } else if (!this.#stalled.has(from)) {
          from.resume();
        }
      });
    });
    from.on('close', () => {
      this.#sockets.delete(from);
      if (!this.#stalled.has(from)) to.destroy();
    });
  }

  /** @returns false when the connection is to be cut */
  async #carry(
    by: 'client' | 'station',
    pieces: ReturnType<FrameCutter['take']>,
    to: Socket,
  ): Promise<boolean> {
    for (const { bytes, text } of pieces) {
      const { delay, repeats, cuts } = this.weather;
      const milliseconds = delay?.() ?? 0;
      if (milliseconds > 0) await new Promise(resolve => setTimeout(resolve, milliseconds));
      if (text?.startsWith('{') === true && cuts?.() === true) {
        this.cutCount++;
        await new Promise(resolve => to.write(bytes.subarray(0, bytes.length >> 1), resolve));
        return false;
      }
      if (text !== undefined) this.said.push({ by, text });
      to.write(bytes);
      if (text?.startsWith('{') !== true || repeats?.() !== true) continue;
      this.repeated++;
      to.write(bytes);
    }
    return true;
  }
}
