#!/usr/bin/env node
import { runBench } from '../bench.js';

const { stdout, stderr, env } = process;
const interruption = new AbortController();
// once: who asks a second time does not want to wait for the table
process.once('SIGINT', () => interruption.abort(new Error('what came after Ctrl-C')));
process.exitCode = await runBench(process.argv.slice(2), {
  write: text => stdout.write(text),
  writeError: text => stderr.write(text),
  env,
  signal: interruption.signal,
});
// what was under way goes on; the rows are written, so nobody needs it
if (interruption.signal.aborted) stdout.write('', () => process.exit());
