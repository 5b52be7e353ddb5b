import { createFloor } from '../floors/create-floor.js';
import { interleave } from '../interleave.js';
import { timeRow } from '../row.js';
import type { Suite } from '../suite.js';
import { pack, reusedKeys } from '../world.js';
import { eachWorld } from './each-world.js';
import { peerRows } from './peer-rows.js';

export const packSuite: Suite = {
  name: 'pack',
  about: 'from a text to the bytes of a package, with a fresh and with a reused message key',
  run: scope =>
    eachWorld(scope, async function* ({ world, text, name, withPeers }) {
      const suite = 'pack';
      const floor = await createFloor(world);
      const { id } = world.bob;
      const [once, again] = [world.transceiver(), world.transceiver(reusedKeys)];
      const works = {
        fresh: () => pack(once, world, id, text),
        floorFresh: () => floor.pack(text),
        reused: () => pack(again, world, id, text),
        floorReused: () => floor.packReused(text),
      };
      const times = await interleave(works, scope);
      const details = { bytes: (await works.fresh()).length };
      yield timeRow({ suite, name: `${name} fresh`, times: times.fresh, floor: times.floorFresh, details });
      yield timeRow({
        suite,
        name: `${name} reused`,
        times: times.reused,
        floor: times.floorReused,
        details,
      });
      if (withPeers) yield* peerRows(suite, text, works.fresh, scope);
    }),
};
