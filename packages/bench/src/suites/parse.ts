import { generateKeys } from '../accounts.js';
import { interleave } from '../interleave.js';
import { type Row, rateRow } from '../row.js';
import { loadSide } from '../sides.js';
import { type Scope, type Suite, sizeName } from '../suite.js';
import { createWorld, pack, type World } from '../world.js';

export const parseSuite: Suite = {
  name: 'parse',
  about: 'reading and writing packages, IDs and metas without cryptography (a second)',
  async *run(scope) {
    const [alice, bob] = [await generateKeys('RSA-1024'), await generateKeys('RSA-1024')];
    for (const side of scope.sides) {
      const world = await createWorld(await loadSide(side), alice, bob);
      for (const size of scope.sizes) {
        yield* await packageRows(`${side} package ${sizeName(size)}`, world, size, scope);
      }
      yield* await identityRows(side, world, scope);
    }
  },
};

/** The floor: JSON of the engine, UTF-8 of the platform, base64 of what is not text. */
async function packageRows(name: string, world: World, size: number, scope: Scope): Promise<readonly Row[]> {
  const suite = 'parse';
  const { parsePackage, formatPackage, decodeBase64, encodeBase64 } = world.side.kit;
  const [decoder, encoder] = [new TextDecoder(), new TextEncoder()];
  const read = (bytes: Uint8Array): BareMessage => {
    const message = JSON.parse(decoder.decode(bytes));
    const [body, signature] = [decodeBase64(message.data), decodeBase64(message.signature)];
    return { ...message, data: body, signature };
  };
  const write = (bare: BareMessage): Uint8Array => {
    const [body, signature] = [encodeBase64(bare.data), encodeBase64(bare.signature)];
    return encoder.encode(JSON.stringify({ ...bare, data: body, signature }));
  };
  const data = await pack(world.transceiver(), world, world.bob.id, 'x'.repeat(size));
  const [message, bare] = [parsePackage(data, world.protocol), read(data)];
  const times = await interleave(
    {
      parse: () => parsePackage(data, world.protocol),
      floorParse: () => read(data),
      format: () => formatPackage(message),
      floorFormat: () => write(bare),
      both: () => formatPackage(parsePackage(data, world.protocol)),
      floorBoth: () => write(read(data)),
    },
    scope,
  );
  return [
    rateRow({ suite, name: `${name} parse`, times: times.parse, floor: times.floorParse }),
    rateRow({ suite, name: `${name} format`, times: times.format, floor: times.floorFormat }),
    rateRow({ suite, name: `${name} parse and format`, times: times.both, floor: times.floorBoth }),
  ];
}

interface BareMessage {
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

async function identityRows(side: string, world: World, scope: Scope): Promise<readonly Row[]> {
  const { defaultAddresses, parseID, parseMeta, formatMeta } = world.side.kit;
  const { id, meta } = world.bob;
  const forgetful = { addresses: defaultAddresses };
  const texts = Array.from({ length: 64 }, (_, index) => `${id.text}/${index}`);
  let turn = 0;
  const nextText = (): string => texts[turn++ % texts.length] as string;
  const times = await interleave(
    {
      seen: () => parseID(nextText(), world.protocol),
      fresh: () => parseID(nextText(), forgetful),
      parse: () => parseMeta(meta.json, world.protocol),
      format: () => formatMeta(meta),
    },
    scope,
  );
  return [
    rateRow({ suite: 'parse', name: `${side} ID parse, seen before`, times: times.seen }),
    rateRow({ suite: 'parse', name: `${side} ID parse, new`, times: times.fresh }),
    rateRow({ suite: 'parse', name: `${side} meta parse, RSA-1024`, times: times.parse }),
    rateRow({ suite: 'parse', name: `${side} meta format`, times: times.format }),
  ];
}
