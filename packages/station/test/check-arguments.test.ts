import { describe, expect, it } from '@jest/globals';
import { StationServer } from '../src/station-server.js';

/** As plain JavaScript has it. */
const newStation = StationServer as unknown as new (options?: unknown) => StationServer;

describe('a station is not made', () => {
  it.each([
    [
      undefined,
      "options: expected an object of options, got nothing; write new StationServer({ data: './data' }).",
    ],
    ['folder', 'options: expected an object of options, got a string;'],
    [{}, 'options.data: expected the path of a folder, got nothing;'],
    [{ data: 5 }, 'options.data: expected the path of a folder, got a number;'],
    [{ data: 'x', port: 0 }, 'options: there is no option "port"; it belongs in listen: { port }.'],
    [{ data: 'x', connections: 1 }, 'it belongs in limits: { connections }.'],
    [{ data: 'x', days: 1 }, 'it belongs in retention: { days }.'],
    [{ data: 'x', toString: 1 }, 'options: there is no option "toString"; there are data, listen,'],
    [
      { data: 'x', listen: 9394 },
      'options.listen: expected an object, got a number; write listen: { host }.',
    ],
    [{ data: 'x', listen: { prot: 0 } }, 'options.listen: there is no option "prot"; there are host, port.'],
    [{ data: 'x', files: { size: 1 } }, 'options.files: there is no option "size"; there are maxBytes,'],
    [{ data: 'x', passphrase: undefined }, 'options.passphrase: expected a text, got nothing;'],
  ])('of what it cannot use (%#)', (options, text) => {
    const make = (): unknown => new newStation(options);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(text);
  });

  it('and is with all there is', () => {
    const options = {
      data: 'x',
      listen: { port: 0 },
      limits: { burst: 2 },
      retention: {},
      files: { url: 'http://a' },
    };
    expect(new StationServer(options).status().state).toBe('new');
    expect(new StationServer({ data: 'x', files: false }).status().state).toBe('new');
  });
});
