import { parseArgs } from 'node:util';
import { CallError, isCallError, parseDriver } from '../call.js';
import { type AgentStreams, serve } from './serve.js';
import { Session } from './session.js';

const help = `Speaks JSON lines, so that other programs can try the library.

  pnpm --silent agent [--generation 1|2] [--crypto portable|node]

  --generation 1     the first generation of the protocol, which is the default
  --generation 2     the second one, once it exists
  --crypto portable  the algorithms of @dimp/crypto, which is the default: RSA in portable code, while Node does
                     the blocks of AES and SHA-256, as it does for @dimp/crypto in every program
  --crypto node      those of @dimp/crypto-node, all over node:crypto
  --help             this text

  echo '{"id": 1, "op": "hello"}' | pnpm --silent agent
  echo '{"id": 2, "op": "parse_id", "ID": "anyone@anywhere"}' | pnpm --silent agent

One request a line on standard input, one response a line on standard output, in order. It ends with the input.
`;

/** Runs the command and tells its exit status: 0, or 2 when the call was wrong. */
export async function runAgent(argv: readonly string[], streams: AgentStreams): Promise<0 | 2> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        generation: { type: 'string', default: '1' },
        crypto: { type: 'string', default: 'portable' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      await streams.write(help.trimEnd());
      return 0;
    }
    const driver = parseDriver(values.crypto);
    if (values.generation !== '1') throw new CallError(describeGeneration(values.generation));
    await serve(streams, { session: new Session(driver) });
    return 0;
  } catch (error) {
    if (!isCallError(error)) throw error;
    streams.log(`agent: ${error.message}`);
    streams.log('Try --help.');
    return 2;
  }
}

function describeGeneration(generation: string): string {
  if (generation === '2') return 'generation 2 does not exist yet; use "1"';
  return `no generation ${JSON.stringify(generation)}; there is "1"`;
}
