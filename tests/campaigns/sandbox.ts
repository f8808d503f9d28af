/**
 * `npm run test:sandbox`: every hostile and honest program, with a new isolate for each submission and with isolates
 * reused, an honest program after each; then 1,000 hostile submissions in a row while honest ones go on.
 * Options: `--mode isolate|reuse|both`, `--only <part of a file name>`, `--storm <submissions>`.
 */
import { parseArgs } from 'node:util';
import { quantile } from '#tests/bench/measure.ts';
import { complaints, corpus, type Entry, tryHonest, tryProgram } from '#tests/integration/sandbox/corpus.ts';
import { openSandbox } from '#tests/integration/sandbox/world.ts';

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'both' },
    only: { type: 'string', default: '' },
    storm: { type: 'string', default: '1000' },
  },
});
process.env['CANARY_SECRET'] = 'a-secret-of-the-supervisor';

const entries = corpus.filter(({ file }) => file.includes(values.only));
const modes = values.mode === 'both' ? ['isolate', 'reuse'] : [values.mode];
let failures = 0;
for (const mode of modes) failures += await tryAll(mode === 'reuse');
if (Number(values.storm) > 0) failures += await storm(Number(values.storm));
console.log(failures === 0 ? '\nThe sandbox held.' : `\n${failures} failures.`);
process.exitCode = failures === 0 ? 0 : 1;

async function tryAll(reuse: boolean): Promise<number> {
  await using sandbox = await openSandbox({ reuse });
  console.log(
    `\n${entries.length} programs, ${reuse ? 'isolates reused' : 'an isolate for each submission'}`,
  );
  const verdicts = new Map<string, number>();
  let bad = 0;
  for (const entry of entries) {
    const tried = await tryProgram(sandbox, entry);
    const honest = await tryHonest(sandbox, entry.language);
    const found = complaints(entry, tried);
    if (honest.verdict !== 'pass') found.push(`the honest program after it: ${honest.verdict}`);
    verdicts.set(tried.verdict, (verdicts.get(tried.verdict) ?? 0) + 1);
    if (found.length === 0) continue;
    bad += 1;
    console.log(`✗ ${entry.category} ${entry.file}: ${found.join('; ')}`);
  }
  const counts = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  console.log(`${entries.length - bad} of ${entries.length} as they should be (${counts})`);
  const lost = Object.entries(Object.groupBy(sandbox.warnings, ({ what }) => what));
  console.log(
    `runners lost: ${lost.map(([what, all]) => `${all?.length ?? 0} ${what}`).join(', ') || 'none'}`,
  );
  return bad;
}

/** How long honest programs take, one after the other, while `busy` lasts. */
async function honestTimes(sandbox: Sandbox, busy: () => boolean) {
  const times = { python: [] as number[], javascript: [] as number[] };
  let wrong = 0;
  while (busy())
    for (const language of ['python', 'javascript'] as const) {
      const started = performance.now();
      const { verdict } = await tryHonest(sandbox, language);
      times[language].push(performance.now() - started);
      if (verdict !== 'pass') wrong += 1;
    }
  return { times, wrong };
}
type Sandbox = Awaited<ReturnType<typeof openSandbox>>;

/** One client hands in hostile programs without pause on one slot, another honest ones on the second. */
async function storm(count: number): Promise<number> {
  await using sandbox = await openSandbox({ reuse: true, slots: 2 });
  let turns = 60;
  const idle = await honestTimes(sandbox, () => turns-- > 0);
  console.log(`\n${count} hostile submissions in a row, honest ones beside them`);
  const hostile = corpus.filter(({ category }) => category !== 'control');
  const memory: number[] = [];
  let done = 0;
  let internal = 0;
  const startedAt = performance.now();
  const attack = async () => {
    for (; done < count; done++) {
      const { verdict } = await tryProgram(sandbox, pick(hostile, done), { cpu_ms: 500 });
      if (verdict === 'internal') internal += 1;
      memory.push(process.memoryUsage().rss / 2 ** 20);
      if ((done + 1) % 100 === 0)
        console.log(
          `  ${done + 1} of ${count} after ${secondsSince(startedAt)} s, ${memory.at(-1)?.toFixed(0)} MB`,
        );
    }
  };
  const [, busy] = await Promise.all([attack(), honestTimes(sandbox, () => done < count)]);

  let failed = check('hostile submissions without a verdict', internal, 0);
  failed += check('honest programs with another verdict than pass', idle.wrong + busy.wrong, 0);
  const early = quantile(memory.slice(count / 10, (count * 3) / 10), 0.5);
  const late = quantile(memory.slice((count * 8) / 10), 0.5);
  failed += check(`supervisor's memory at the end, MB (${Math.round(early)} early on)`, late, early + 64);
  for (const language of ['python', 'javascript'] as const) {
    const [before, beside] = [idle, busy].map(({ times }) => quantile(times[language], 0.95));
    failed += check(
      `honest ${language} p95, ms (${Math.round(before ?? 0)} idle)`,
      beside ?? 0,
      2 * (before ?? 0),
    );
  }
  return failed;
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 1000);
}

function check(what: string, value: number, most: number): number {
  const holds = value <= most;
  console.log(`${holds ? ' ' : '✗'} ${what}: ${Math.round(value)} (≤ ${Math.round(most)})`);
  return holds ? 0 : 1;
}

function pick(from: readonly Entry[], at: number): Entry {
  // A step that is coprime to most lengths: neighbours in the list are of one category.
  const entry = from[(at * 37) % from.length];
  if (entry === undefined) throw new Error('There are no hostile programs.');
  return entry;
}
