/**
 * `npm run test:faults`: 500 submissions while their graders are killed 100 times at random points and every tenth
 * ring comes twice; another seed each time.
 */
import { startVitest } from 'vitest/node';

process.env['LYCEUM_FAULTS_SUBMISSIONS'] ??= '500';
process.env['LYCEUM_FAULTS_KILLS'] ??= '100';
process.env['LYCEUM_FAULTS_SEED'] ??= String(Math.floor(Math.random() * 2 ** 31));
console.info(`LYCEUM_FAULTS_SEED=${process.env['LYCEUM_FAULTS_SEED']}`);

const files = ['tests/integration/grading/kills.test.ts', 'tests/integration/grading/faults.test.ts'];
const vitest = await startVitest('test', files, { run: true, watch: false, project: ['integration'] });
const failed = vitest.state.getCountOfFailedTests() + vitest.state.getUnhandledErrors().length;
await vitest.close();
process.exitCode = failed > 0 ? 1 : 0;
