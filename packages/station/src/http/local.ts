import type { IncomingMessage } from 'node:http';
import { BlockList } from 'node:net';

let loopback: BlockList | undefined;

/** Made when it is first asked for, since nothing may happen at import. */
function loopbackAddresses(): BlockList {
  if (loopback !== undefined) return loopback;
  loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');
  return loopback;
}

/**
 * Whether a request comes from this machine, by its own address or by loopback.
 *
 * What a proxy on this machine passes on comes from elsewhere and looks the same, but says so. A page whose name was
 * pointed at this machine is asked for by that name, which is none of the machine's.
 */
export function isLocal({ socket, headers }: IncomingMessage): boolean {
  if (Object.keys(headers).some(tellsProxy)) return false;
  const { remoteAddress, localAddress } = socket;
  if (remoteAddress === undefined) return false;
  const isHere =
    remoteAddress === localAddress ||
    loopbackAddresses().check(remoteAddress, remoteAddress.includes(':') ? 'ipv6' : 'ipv4');
  return isHere && isNumeric(headers.host ?? '');
}

/** Whether a header, in small letters, is one that proxies add. */
function tellsProxy(name: string): boolean {
  return name === 'forwarded' || name === 'via' || name === 'x-real-ip' || name.startsWith('x-forwarded-');
}

/** A host that no name server can have a say in. */
function isNumeric(host: string): boolean {
  return /^(?:localhost|[0-9.]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?$/.test(host);
}
