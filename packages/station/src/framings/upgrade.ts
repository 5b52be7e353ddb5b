import type { IncomingMessage } from 'node:http';

/** Whether a request asks to go on with WebSocket. Any other protocol is not spoken here, and need not be. */
export function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.trim().toLowerCase() === 'websocket';
}

/**
 * The head of a request as it would be without its wish for another protocol, which a server may ignore (RFC 9110, 7.8).
 * Nothing else of it is changed.
 */
export function plainHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    switch (name.toLowerCase()) {
      case 'upgrade':
        break;
      case 'connection':
        lines.push(`${name}: ${withoutUpgrade(value)}`);
        break;
      default:
        lines.push(`${name}: ${value}`);
    }
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function withoutUpgrade(options: string): string {
  return options
    .split(',')
    .map(option => option.trim())
    .filter(option => option !== '' && option.toLowerCase() !== 'upgrade')
    .join(', ');
}
