/** Waits until something holds that no event tells. @throws when it does not for so many seconds */
export async function until(holds: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (let turn = 0; !(await holds()); turn++) {
    if (performance.now() > end) throw new Error(`expected to hold within ${seconds} seconds: ${holds}`);
    // what is only a few turns of the event loop away is seen when it is there
    await new Promise<void>(resolve => void (turn < 100 ? setImmediate(resolve) : setTimeout(resolve, 2)));
  }
}
