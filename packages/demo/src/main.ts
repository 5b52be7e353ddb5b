import { ExitStatus, runDemo } from './demo.js';
import { stopSignal } from './stop-signal.js';

// until the demo says otherwise: a promise that never settles must not end as success
process.exitCode = ExitStatus.failure;

const { stdout, stderr, env } = process;
process.exitCode = await runDemo(process.argv.slice(2), { stdout, stderr, env, signal: stopSignal(process) });
