import { rm } from 'node:fs/promises';

export default async function removePrograms() {
  await rm(process.env['E2E_PROGRAMS'] ?? '', { recursive: true, force: true });
}
