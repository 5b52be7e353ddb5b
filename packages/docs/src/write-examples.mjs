// Writes the examples for the compiler, names those that nobody checks, and fails for a page given as an argument
// that has none.
import { writeExamples } from './examples.mjs';

const { examples, skipped } = writeExamples();
for (const place of skipped) console.log(`${place} is marked nocheck`);
for (const page of process.argv.slice(2)) {
  if (examples.some(example => example.page === page)) continue;
  console.error(`${page} has no example`);
  process.exitCode = 1;
}
