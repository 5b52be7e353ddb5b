import type { World } from '../world.js';
import type { Floor } from './floor.js';
import { createNativeFloor } from './native-floor.js';
import { createPortableFloor } from './portable-floor.js';

/** The floor that belongs to a world's side. */
export function createFloor(world: World): Promise<Floor> {
  return world.side.name === 'native' ? createNativeFloor(world) : createPortableFloor(world);
}
