#!/usr/bin/env node
import { runProgram } from '../cli/program.js';

// who reads only the beginning, as head does, has seen enough
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  process.exit();
});

const { stdout, stderr, env } = process;
process.exitCode = await runProgram(process.argv.slice(2), {
  stdout,
  stderr,
  env,
  onSignal(listener) {
    process.on('SIGINT', listener).on('SIGTERM', listener);
    return () => void process.off('SIGINT', listener).off('SIGTERM', listener);
  },
  exit: status => process.exit(status),
});
