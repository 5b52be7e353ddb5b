// Runs before every test file, see jest.preset.mjs: how often and from where the properties draw their cases.
//
//   FUZZ_RUNS=2000 npm test   more cases than the hundred of an ordinary run
//   FUZZ_SEED=42 npm test     the cases of an earlier run; each property's title ends with the seed it had
//
// Under CI the seed is fixed, so that a red run there is red again here; elsewhere jest draws a new one each run.

const seed = readInteger('FUZZ_SEED') ?? (process.env['CI'] ? 20181211 : undefined);
const numRuns = readInteger('FUZZ_RUNS');

if (seed !== undefined || numRuns !== undefined) {
  // loaded only when there is something to say, as it costs every test file its parse
  const { configureGlobal } = await import('fast-check');
  configureGlobal({ ...(seed !== undefined && { seed }), ...(numRuns !== undefined && { numRuns }) });
}

/** @param {string} name @returns {number | undefined} */
function readInteger(name) {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  if (!/^-?\d+$/.test(text)) throw new Error(`${name} is "${text}"; expected a whole number`);
  return Number(text);
}
