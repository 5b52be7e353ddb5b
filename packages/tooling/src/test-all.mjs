// `npm test` behind the install: every package's jest through turbo, then one line with the total.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { report, resultFile, summarise } from './test-summary.mjs';
import { listPackages, root, turboScript } from './workspace.mjs';

// what an earlier run left must not stand in for a package that does not come to run; turbo brings back what it cached
for (const { dir } of listPackages()) rmSync(join(dir, resultFile), { force: true });

const options = ['--output-logs=new-only', '--log-order=grouped', '--continue=always'];
const turbo = spawnSync(process.execPath, [join(root, turboScript), 'run', 'test', ...options], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
});
if (turbo.error !== undefined) console.error(turbo.error.message);
const summary = summarise();
const unexplained = turbo.status !== 0 && summary.failed === 0;
process.exitCode = report(
  unexplained
    ? { ...summary, failed: 1, problems: ['a package failed outside of its tests, see above'] }
    : summary,
);
