import { loadBank } from '../banks/load.ts';
import { type ExamTest, needsUsage, testOf } from '../domain/exams/plan.ts';
import type { Usage } from '../domain/irt/index.ts';
import { type PlanRelease, planReleases, planUsage } from '../table/exam-plan.ts';
import type { Table } from '../table/table.ts';
import type { ExamWorld } from './world.ts';

/** A release on its bank version, ready to run. */
export interface ReleasedTest extends ExamTest {
  readonly release: PlanRelease;
  /** Items on trial that a session is given beside the scored ones. */
  readonly pilots: number;
}

interface TestId {
  readonly plan_id: string;
  readonly release: number;
  /** Of a session, items on trial among them. */
  readonly max_items?: number | undefined;
}

/** A school has a handful of plans at a time; what falls out is made again in milliseconds. */
const kept = 64;
const known = new WeakMap<Table, Map<string, Promise<ReleasedTest>>>();

/** Releases and published banks never change, so that what was made of them stays. */
export function releasedTest(world: ExamWorld, id: TestId): Promise<ReleasedTest> {
  const tests = known.get(world.table) ?? new Map<string, Promise<ReleasedTest>>();
  known.set(world.table, tests);
  const key = `${id.plan_id}#${id.release}#${id.max_items ?? ''}`;
  const before = tests.get(key);
  if (before !== undefined) return before;
  const made = makeTest(world, id);
  tests.set(key, made);
  made.catch(() => tests.delete(key));
  const [oldest] = tests.keys();
  if (tests.size > kept && oldest !== undefined) tests.delete(oldest);
  return made;
}

async function makeTest(
  world: ExamWorld,
  { plan_id, release: number, max_items }: TestId,
): Promise<ReleasedTest> {
  const release = await world.table.get(planReleases, { plan_id, release: number }, { consistent: true });
  if (!release) throw new Error(`plan ${plan_id} has no release ${number}`);
  const bank = await loadBank(world, release.bank_id, release.bank_version);
  const pilots = release.config.pilot?.count ?? 0;
  const scored = max_items === undefined ? undefined : max_items - pilots;
  const test = testOf(bank, release.config, {
    k: release.k,
    ...(scored !== undefined && { max_items: scored }),
  });
  return { ...test, release, pilots };
}

const usageForMs = 5_000;
const usages = new WeakMap<Table, Map<string, { readonly until: number; readonly usage: Usage }>>();

/** How the bank's items were used so far, at most five seconds old; only for plans whose exposure control asks. */
export async function usageOf(world: ExamWorld, { release }: ReleasedTest): Promise<Usage | undefined> {
  if (!needsUsage(release.config)) return undefined;
  const now = world.now().getTime();
  const cache = usages.get(world.table) ?? new Map<string, { until: number; usage: Usage }>();
  usages.set(world.table, cache);
  const key = `${release.plan_id}#${release.release}`;
  const before = cache.get(key);
  if (before !== undefined && now < before.until) return before.usage;
  const usage = await world.table.get(planUsage, release);
  if (!usage) throw new Error(`release ${release.release} of plan ${release.plan_id} counts no usage`);
  if (cache.size > kept) cache.clear();
  cache.set(key, { until: now + usageForMs, usage });
  return usage;
}
