import { describe, expect, it } from '@jest/globals';
import { untilAborted } from '../src/until-aborted.js';

async function* endless(): AsyncGenerator<number> {
  for (let number = 1; ; number++) yield number;
}

describe('untilAborted', () => {
  it('gives everything when no signal comes', async () => {
    const given: string[] = [];
    async function* two(): AsyncGenerator<string> {
      yield 'one';
      yield 'two';
    }
    for await (const value of untilAborted(two(), new AbortController().signal)) given.push(value);
    expect(given).toEqual(['one', 'two']);
  });

  it('gives the reason when the signal comes, and does not wait for what is under way', async () => {
    const stop = new AbortController();
    const given: string[] = [];
    async function* stuck(): AsyncGenerator<string> {
      yield 'one';
      setImmediate(() => stop.abort(new Error('enough')));
      await new Promise(() => undefined);
    }
    const reading = (async () => {
      for await (const value of untilAborted(stuck(), stop.signal)) given.push(value);
    })();
    await expect(reading).rejects.toThrow('enough');
    expect(given).toEqual(['one']);
  });

  it('hears a signal between works that never wait', async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort(new Error('enough')));
    const reading = (async () => {
      for await (const value of untilAborted(endless(), stop.signal)) if (value > 1000) break;
    })();
    await expect(reading).rejects.toThrow('enough');
  });

  it('passes on what fails', async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error('broken');
    }
    const numbers = untilAborted(failing(), new AbortController().signal);
    expect(await numbers.next()).toEqual({ done: false, value: 1 });
    await expect(numbers.next()).rejects.toThrow('broken');
  });
});
