import { decodeBase58, encodeHex } from '@dimp/crypto/format';
import {
  createBtcAddress,
  createID,
  equalID,
  isBroadcastAddress,
  isGroupNetwork,
  isUserNetwork,
  parseAddress,
  parseID,
} from '@dimp/mkm';
import { describeID } from '../../describe-id.js';
import type { Operation } from '../operation.js';

/** Addresses and IDs. */
export const idOperations: readonly Operation[] = [
  {
    code: 'address-build',
    run(input) {
      const { text, network, number } = createBtcAddress(
        input.bytes('fingerprint'),
        input.integer('network'),
      );
      return { address: text, bytes: encodeHex(decodeBase58(text)), network, number };
    },
  },
  {
    code: 'address-parse',
    run(input, { protocol }) {
      const address = parseAddress(input.text('address'), protocol);
      const { text, network, number } = address;
      return {
        address: text,
        network,
        number,
        is_user: isUserNetwork(network),
        is_group: isGroupNetwork(network),
        is_broadcast: isBroadcastAddress(address),
      };
    },
  },
  { code: 'id-parse', run: (input, { protocol }) => describeID(parseID(input.value('ID'), protocol)) },
  {
    code: 'id-equal',
    run: (input, { protocol }) => ({
      equal: equalID(parseID(input.value('a'), protocol), parseID(input.value('b'), protocol)),
    }),
  },
  {
    code: 'id-build',
    run(input, { protocol }) {
      const address = parseAddress(input.text('address'), protocol);
      const id = createID({
        name: input.optionalText('name'),
        address,
        terminal: input.optionalText('terminal'),
      });
      return { ID: id.text };
    },
  },
];
