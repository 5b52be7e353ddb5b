#!/usr/bin/env node
import { once } from 'node:events';
import { runAgent } from '../agent/command.js';

// a peer that has gone away wants no more answers
process.stdout.on('error', () => process.exit());

process.exitCode = await runAgent(process.argv.slice(2), {
  input: process.stdin,
  async write(line) {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
  },
  log: line => process.stderr.write(`${line}\n`),
});
// after "quit" the peer may leave its end open
process.stdin.destroy();
