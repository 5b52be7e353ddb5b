#!/usr/bin/env node
import { runVectors } from '../vectors/command.js';

process.exitCode = await runVectors(process.argv.slice(2), {
  write: line => process.stdout.write(`${line}\n`),
  writeError: line => process.stderr.write(`${line}\n`),
});
