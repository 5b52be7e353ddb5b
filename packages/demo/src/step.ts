import type { Printer } from './print.js';
import type { World } from './world.js';

/** What a step found. Everything in it can be written as JSON. */
export interface Facts {
  /** Whether all of it happened as it should. */
  readonly ok: boolean;
}

/** A step that was taken. */
export interface TakenStep {
  readonly facts: Facts;
  print(printer: Printer): void;
}

/** One numbered part of the demo. */
export interface Step {
  /** Its member in the JSON object. */
  readonly name: string;
  readonly title: string;
  take(world: World): Promise<TakenStep>;
}

/** A step from the function that takes it and the one that prints what it found. */
export function defineStep<F extends Facts>(
  name: string,
  title: string,
  run: (world: World) => Promise<F>,
  print: (facts: F, printer: Printer) => void,
): Step {
  return {
    name,
    title,
    async take(world) {
      const facts = await run(world);
      return { facts, print: printer => print(facts, printer) };
    },
  };
}
