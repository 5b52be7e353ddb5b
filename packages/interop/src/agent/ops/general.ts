import { createRequire } from 'node:module';
import type { JsonObject } from '@dimp/crypto';
import type { AgentOperation } from '../operation.js';

/** Of the agent itself. */
export const generalOperations: readonly AgentOperation[] = [
  {
    code: 'hello',
    run: (_args, { session, operations }) => ({
      driver: session.driver,
      packages: versions(),
      operations: [...operations].map(({ code }) => code),
    }),
  },
  {
    code: 'reset',
    run(_args, { session }) {
      session.reset();
      return true;
    },
  },
  {
    code: 'quit',
    run(_args, { session }) {
      session.isOver = true;
      return true;
    },
  },
];

const packages = ['crypto', 'mkm', 'dkd', 'core', 'sdk'] as const;

function versions(): JsonObject {
  const require = createRequire(import.meta.url);
  const entries = packages.map(name => {
    const { version } = require(`@dimp/${name}/package.json`) as { readonly version: string };
    return [`@dimp/${name}`, version];
  });
  return Object.fromEntries(entries) as JsonObject;
}
