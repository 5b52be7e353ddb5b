import { ExitStatus, runDemo } from './demo.js';

// until the demo says otherwise: a promise that never settles must not end as success
process.exitCode = ExitStatus.failure;

const controller = new AbortController();
// once: a second Ctrl-C ends the program at once
process.once('SIGINT', () => controller.abort());

// who reads only the beginning, as `head` does, has seen enough
process.stdout.on('error', error => {
  if ((error as { readonly code?: unknown }).code !== 'EPIPE') throw error;
  process.exit();
});

const { stdout, stderr, env } = process;
process.exitCode = await runDemo(process.argv.slice(2), { stdout, stderr, env, signal: controller.signal });
