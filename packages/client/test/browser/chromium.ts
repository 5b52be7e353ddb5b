import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';

const debianChromium = '/usr/bin/chromium';

/**
 * The browser to use; undefined when there is none. One that `DIMP_CHROMIUM` names must be there, which is for the
 * launch to find out.
 */
export function findChromium(): string | undefined {
  return process.env['DIMP_CHROMIUM'] ?? (existsSync(debianChromium) ? debianChromium : undefined);
}

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      // tests run as root in containers
      '--no-sandbox',
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  });
}

/** A script from the sources, as a bundler for browsers sees them. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@dimp/source'],
    // `events` is installed beside this package, where the Level databases do not look for it
    nodePaths: [join(import.meta.dirname, '../../node_modules')],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** Serves one page with one script, at a port of the system's choice. */
export async function serve(script: string): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>test</title><script src="/page.js"></script>');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
