/**
 * What an assignment asks of a student: when it is open, what is late and what that costs, how often and how soon
 * one may hand in. Instants are ISO 8601 texts in UTC with milliseconds, so that they compare as text.
 */

export type LatePolicy =
  | { readonly kind: 'refuse' }
  | { readonly kind: 'accept' }
  | { readonly kind: 'penalty'; readonly percent_per_day: number; readonly until: string | null };

export interface AssignmentRules {
  readonly opens_at: string | null;
  readonly due_at: string | null;
  readonly late_policy: LatePolicy;
  readonly max_attempts: number | null;
  /** Between two attempts of a student. */
  readonly cooldown_s: number;
}

/** What the rules need to know of a student. */
export interface StudentStanding {
  readonly attempts: number;
  readonly last_at: string | null;
  readonly extension: { readonly due_at: string | null; readonly extra_attempts: number } | null;
}

/** Before the first attempt, without an extension. */
export const noStanding: StudentStanding = { attempts: 0, last_at: null, extension: null };

const dayMs = 86_400_000;

const later = (a: string, b: string | null): string => (b !== null && b > a ? b : a);

/** When it is due for this student; an extension never shortens. Null: no end. */
export const dueFor = ({ due_at }: AssignmentRules, { extension }: StudentStanding): string | null =>
  due_at === null ? null : later(due_at, extension?.due_at ?? null);

/** The last moment at which anything is accepted from this student. Null: no end. */
export function closesFor(rules: AssignmentRules, standing: StudentStanding): string | null {
  const due = dueFor(rules, standing);
  const { late_policy } = rules;
  if (due === null || late_policy.kind === 'accept') return null;
  if (late_policy.kind === 'refuse') return due;
  return late_policy.until === null ? null : later(due, late_policy.until);
}

export const hasOpened = ({ opens_at }: Pick<AssignmentRules, 'opens_at'>, at: string): boolean =>
  opens_at === null || opens_at <= at;

/** Whether the dates let this student hand in; attempts and cooldown aside. */
export function isOpenFor(rules: AssignmentRules, standing: StudentStanding, at: string): boolean {
  const closes = closesFor(rules, standing);
  return hasOpened(rules, at) && (closes === null || at <= closes);
}

export function isLate(rules: AssignmentRules, standing: StudentStanding, at: string): boolean {
  const due = dueFor(rules, standing);
  return due !== null && at > due;
}

/** How many days late, each day begun counts; 0 when in time. */
function daysLate(rules: AssignmentRules, standing: StudentStanding, at: string): number {
  const due = dueFor(rules, standing);
  return due === null || at <= due ? 0 : Math.ceil((Date.parse(at) - Date.parse(due)) / dayMs);
}

/**
 * The grade, 0…100, of work handed in at that moment: each day late that has begun takes `percent_per_day` percent of
 * what was reached, until nothing is left. Two decimals.
 */
export function gradeAfterLatePolicy(
  rules: AssignmentRules,
  standing: StudentStanding,
  grade: number,
  at: string,
): number {
  const { late_policy } = rules;
  if (late_policy.kind !== 'penalty') return grade;
  const percent = Math.min(100, late_policy.percent_per_day * daysLate(rules, standing, at));
  return percent === 0 ? grade : Math.round(grade * (100 - percent)) / 100;
}

/** Null: as many as one likes. */
export function attemptsLeft(
  { max_attempts }: AssignmentRules,
  { attempts, extension }: StudentStanding,
): number | null {
  if (max_attempts === null) return null;
  return Math.max(0, max_attempts + (extension?.extra_attempts ?? 0) - attempts);
}

/** When the cooldown after the last attempt ends, if it has not ended yet. */
export function cooldownEnds(
  { cooldown_s }: AssignmentRules,
  { last_at }: StudentStanding,
  at: string,
): string | null {
  if (last_at === null || cooldown_s === 0) return null;
  const ends = new Date(Date.parse(last_at) + cooldown_s * 1000).toISOString();
  return ends > at ? ends : null;
}

/** Why a student may not hand in at that moment. */
export type Refusal =
  | { readonly reason: 'not_open'; readonly opens_at: string }
  | { readonly reason: 'closed'; readonly closed_at: string }
  | { readonly reason: 'no_attempts' }
  | { readonly reason: 'cooldown'; readonly until: string };

/** Undefined: they may. */
export function refusal(rules: AssignmentRules, standing: StudentStanding, at: string): Refusal | undefined {
  const { opens_at } = rules;
  if (opens_at !== null && !hasOpened(rules, at)) return { reason: 'not_open', opens_at };
  const closed_at = closesFor(rules, standing);
  if (closed_at !== null && at > closed_at) return { reason: 'closed', closed_at };
  if (attemptsLeft(rules, standing) === 0) return { reason: 'no_attempts' };
  const until = cooldownEnds(rules, standing, at);
  return until === null ? undefined : { reason: 'cooldown', until };
}

/** When the next attempt may come; null when it may come now, or never. */
export function nextAttemptAt(rules: AssignmentRules, standing: StudentStanding, at: string): string | null {
  const refused = refusal(rules, standing, at);
  if (refused?.reason === 'not_open') return refused.opens_at;
  if (refused?.reason !== 'cooldown') return null;
  return refusal(rules, standing, refused.until) === undefined ? refused.until : null;
}
