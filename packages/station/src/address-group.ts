import { isIPv6 } from 'node:net';

/** What counts as one network address: an IPv4 one, or the 64 bits of IPv6 that one customer has. */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [front = '', back = ''] = address.split('%', 1)[0]?.split('::') ?? [];
  const head = front.split(':').filter(part => part !== '');
  const tail = back.split(':').filter(part => part !== '');
  const zeros = address.includes('::') ? 8 - head.length - tail.length : 0;
  return [...head, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...tail].slice(0, 4).join(':');
}
