#!/usr/bin/env node
import { runBench } from '../bench.js';

const { stdout, stderr, env } = process;
process.exitCode = await runBench(process.argv.slice(2), {
  write: text => stdout.write(text),
  writeError: text => stderr.write(text),
  env,
});
