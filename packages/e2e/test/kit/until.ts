/** Waits until something holds that no event tells. @throws when it does not for so many seconds */
export async function until(holds: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`expected to hold within ${seconds} seconds: ${holds}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
