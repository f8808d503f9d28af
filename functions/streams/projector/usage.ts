import { needsUsage } from '#shared/domain/exams/plan.ts';
import { isEligible } from '#shared/domain/irt/index.ts';
import { type PlanRelease, type PlanUsage, planReleases, planUsage } from '#shared/table/exam-plan.ts';
import { type ExamSessionRecord, type ExamState, examStates } from '#shared/table/exam-session.ts';
import type { Table, Write } from '#shared/table/table.ts';

/** Releases never change. */
const releases = new Map<string, PlanRelease>();
const mostKept = 100;

async function releaseOf(table: Table, plan_id: string, release: number): Promise<PlanRelease | undefined> {
  const name = `${plan_id}#${release}`;
  const known = releases.get(name);
  if (known) return known;
  const found = await table.get(planReleases, { plan_id, release });
  if (!found) return undefined;
  if (releases.size >= mostKept) releases.clear();
  releases.set(name, found);
  return found;
}

/**
 * What a session that has ended adds to the exposure counts of its release, where a rule of the plan asks for them:
 * itself, the items that it was given, and those that it might have been given, by the counts as they are now.
 */
export async function usageWrites(table: Table, session: ExamSessionRecord): Promise<Write[]> {
  const { exam_session_id, plan_id, plan_release } = session;
  if (plan_id === null || plan_release === null) return [];
  const release = await releaseOf(table, plan_id, plan_release);
  if (!release || !needsUsage(release.config)) return [];
  const [state, usage] = await Promise.all([
    table.get(examStates, { exam_session_id }, { consistent: true }),
    table.get(planUsage, release, { consistent: true }),
  ]);
  return state && usage ? [usageWrite(table, usage, withSession(usage, release, state))] : [];
}

function withSession(usage: PlanUsage, { config }: PlanRelease, { i, next, seed }: ExamState): PlanUsage {
  const { eligibility } = config.exposure;
  const given = new Set(next === null ? i : [...i, next]);
  const isOpen = (item: number): boolean =>
    given.has(item) || isEligible({ eligibility: eligibility ?? undefined }, usage, seed, item);
  return {
    ...usage,
    sessions: usage.sessions + 1,
    administered: usage.administered.map((count, item) => count + (given.has(item) ? 1 : 0)),
    eligible: usage.eligible.map((count, item) => count + (isOpen(item) ? 1 : 0)),
  };
}

/** Every session raises `sessions`, which makes it the version of these counts. */
const usageWrite = (table: Table, seen: PlanUsage, { sessions, administered, eligible }: PlanUsage): Write =>
  table.update(planUsage, seen, {
    expression: 'SET #sessions = :sessions, #administered = :administered, #eligible = :eligible',
    when: '#sessions = :seen',
    values: {
      ':sessions': sessions,
      ':administered': administered,
      ':eligible': eligible,
      ':seen': seen.sessions,
    },
  });
