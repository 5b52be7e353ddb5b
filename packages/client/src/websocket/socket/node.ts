import { limits } from '@dimp/crypto';
import { WebSocket } from 'ws';
import type { OpenSocket } from './socket.js';

/** Stations join several packages to one frame, so that one frame may be larger than one package. */
const frameBytes = 2 * limits.packageBytes;

/** By the package `ws`. */
export const openSocket: OpenSocket = (url, listener) => {
  // encrypted data does not compress
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: frameBytes });
  let failure: Error | undefined;
  socket.on('open', () => listener.opened());
  socket.on('message', data => listener.frame(data as Buffer));
  socket.on('ping', () => listener.alive());
  socket.on('pong', () => listener.alive());
  socket.on('error', error => {
    failure ??= error;
  });
  socket.on('close', (code, text) => {
    listener.closed({ code, reason: failure === undefined ? text.toString() : describe(failure, url) });
  });
  return {
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send(frame, left) {
      socket.send(frame, error => {
        // an error is followed by the end of the socket, which tells of it
        if (error === undefined || error === null) left?.();
      });
    },
    ping: () => socket.ping(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(1000),
    terminate: () => socket.terminate(),
  };
};

/** An error that stands for several, as for a name with several addresses, has no text of its own. */
function describe(error: Error, url: string): string {
  const { message, code = error.name } = error as NodeJS.ErrnoException;
  const status = /^Unexpected server response: (\d+)$/.exec(message)?.[1];
  if (status !== undefined) return `no station answers there, but something else by HTTP (${status}).`;
  const isPlain = /^wss:/i.test(url) && plainSigns.test(`${code} ${message}`);
  if (isPlain) return `${message}; is it ws:?`;
  return message === '' ? code : message;
}

/** How TLS fails with somebody who does not speak it: he answers in the clear, or hangs up. */
const plainSigns = /EPROTO|WRONG_VERSION_NUMBER|before secure TLS connection|ECONNRESET/;
