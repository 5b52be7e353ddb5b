import { generateKeys } from '../accounts.js';
import { interleave } from '../interleave.js';
import { rateRow } from '../row.js';
import { loadSide } from '../sides.js';
import type { Suite } from '../suite.js';
import { createWorld, pack } from '../world.js';

export const splitSuite: Suite = {
  name: 'split',
  about:
    'a group message that was read, into one message for each member; and their packages (parts a second)',
  async *run(scope) {
    const suite = 'split';
    const keys = await generateKeys('RSA-1024');
    for (const side of scope.sides) {
      const world = await createWorld(await loadSide(side), keys, keys);
      const { splitMessage, parsePackage, formatPackage } = world.side.kit;
      for (const count of scope.groups) {
        const { id, members } = await world.addGroup(count, [keys]);
        const data = await pack(world.transceiver(), world, id, 'x'.repeat(100));
        const message = parsePackage(data, world.protocol);
        const receivers = members.map(member => member.id);
        const times = await interleave(
          {
            split: () => splitMessage(message, receivers, world.protocol),
            format: () => splitMessage(message, receivers, world.protocol).map(formatPackage),
          },
          scope,
        );
        const name = `${side} n = ${count}`;
        yield rateRow({ suite, name, times: times.split }, count);
        yield rateRow({ suite, name: `${name} to packages`, times: times.format }, count);
      }
    }
  },
};
