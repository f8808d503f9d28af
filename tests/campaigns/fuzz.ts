/** `npm run test:fuzz`: ten thousand fuzzed requests instead of the six hundred of `npm test`; another seed each time. */
import { startVitest } from 'vitest/node';

process.env['LYCEUM_FUZZ_REQUESTS'] ??= '10000';
process.env['LYCEUM_FUZZ_SEED'] ??= String(Math.floor(Math.random() * 2 ** 31));
console.info(`LYCEUM_FUZZ_SEED=${process.env['LYCEUM_FUZZ_SEED']}`);

const vitest = await startVitest('test', ['tests/integration/contracts/fuzz.test.ts'], {
  run: true,
  watch: false,
  project: ['integration'],
});
const failed = vitest.state.getCountOfFailedTests() + vitest.state.getUnhandledErrors().length;
await vitest.close();
process.exitCode = failed > 0 ? 1 : 0;
