import { encodeUtf8 } from '@dimp/crypto/format';
import type { OpenSocket, Socket } from './socket.js';

/** Milliseconds between two looks at what has left: browsers do not tell. */
const lookEvery = 20;

/** The WebSocket of the browser. */
export const openSocket: OpenSocket = (url, listener) => {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  const departing = new Departing(socket);
  let isOver = false;
  const end = (code: number, reason: string): void => {
    if (isOver) return;
    isOver = true;
    departing.stop();
    listener.closed({ code, reason });
  };
  socket.onopen = () => listener.opened();
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (!isOver) listener.frame(typeof data === 'string' ? encodeUtf8(data) : new Uint8Array(data));
  };
  // what was wrong is kept from programs; `onclose` follows
  socket.onclose = ({ code, reason }) => end(code, reason);
  const made: Socket = {
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send(frame, left) {
      // the browser drops what is sent after the end without a word
      if (socket.readyState !== WebSocket.OPEN) return;
      departing.add(typeof frame === 'string' ? encodeUtf8(frame).length : frame.length, left);
      // a view of a larger buffer is sent as what it shows
      socket.send(frame as string | Uint8Array<ArrayBuffer>);
    },
    close: () => socket.close(1000),
    terminate() {
      // to a dead peer the browser goes on saying goodbye for long
      socket.close();
      end(1006, 'The connection was dropped.');
    },
  };
  return made;
};

/** Finds out when frames have left, by what is still in the buffer. */
class Departing {
  readonly #socket: WebSocket;
  readonly #waiting: { readonly upTo: number; readonly left: () => void }[] = [];
  #handed = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Called before the frame is handed over. */
  add(bytes: number, left: (() => void) | undefined): void {
    this.#handed += bytes;
    if (left === undefined) return;
    this.#waiting.push({ upTo: this.#handed, left });
    this.#timer ??= setTimeout(() => this.#look(), 0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #look(): void {
    const gone = this.#handed - this.#socket.bufferedAmount;
    while ((this.#waiting[0]?.upTo ?? Number.POSITIVE_INFINITY) <= gone) this.#waiting.shift()?.left();
    this.#timer = this.#waiting.length > 0 ? setTimeout(() => this.#look(), lookEvery) : undefined;
  }
}
