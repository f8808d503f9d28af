import type { SimulatedSession, SimulationSummary } from '../irt/index.ts';
import type { ExamConfig } from './config.ts';

export interface SimulationWarning {
  readonly code:
    | 'precision_not_reached'
    | 'imprecise_range'
    | 'overexposed_items'
    | 'unused_items'
    | 'exposure_not_controlled'
    | 'sympson_hetter_not_converged'
    | 'content_not_kept'
    | 'truncated';
  readonly detail: string;
}

interface Found {
  readonly summary: SimulationSummary;
  readonly conditional: readonly {
    readonly from: number;
    readonly to: number;
    readonly simulees: number;
    readonly rmse: number;
  }[];
  readonly groups: readonly { readonly name: string; readonly wanted: number; readonly given: number }[];
  readonly sympson_hetter: { readonly converged: boolean } | null;
  readonly truncated: boolean;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What an author should look at before the release. */
export function warningsOf(
  config: ExamConfig,
  sessions: readonly SimulatedSession[],
  found: Found,
): SimulationWarning[] {
  return [
    ...precision(config, sessions),
    ...range(config, found),
    ...exposure(config, found),
    ...content(found),
    ...(found.truncated
      ? [{ code: 'truncated' as const, detail: `Time was up after ${found.summary.simulees} simulees.` }]
      : []),
  ];
}

function precision({ stop }: ExamConfig, sessions: readonly SimulatedSession[]): SimulationWarning[] {
  const wanted = stop.se;
  if (wanted === null) return [];
  const missed = sessions.filter(({ se }) => se > wanted).length / sessions.length;
  if (missed <= 0.25) return [];
  const detail = `${percent(missed)} of the sessions end with a standard error above ${wanted}.`;
  return [{ code: 'precision_not_reached', detail }];
}

/** Intervals with fewer simulees say little. */
const leastSimulees = 10;

function range({ stop }: ExamConfig, { conditional }: Found): SimulationWarning[] {
  const most = Math.max(0.5, 1.5 * (stop.se ?? 0));
  const wide = conditional.filter(({ simulees, rmse }) => simulees >= leastSimulees && rmse > most);
  if (wide.length === 0) return [];
  const where = wide.map(({ from, to }) => `${from} to ${to}`).join(', ');
  return [{ code: 'imprecise_range', detail: `θ is estimated poorly from ${where}.` }];
}

function exposure({ exposure: plan }: ExamConfig, { summary, sympson_hetter }: Found): SimulationWarning[] {
  const warnings: SimulationWarning[] = [];
  const { randomesque, r_max, eligibility, sympson_hetter: wanted } = plan;
  if (randomesque === null && r_max === null && eligibility === null && wanted === null)
    warnings.push({
      code: 'exposure_not_controlled',
      detail: 'Nothing keeps everybody from being given the same items.',
    });
  if (summary.max_exposure > 0.5)
    warnings.push({
      code: 'overexposed_items',
      detail: `One item is given to ${percent(summary.max_exposure)} of the students; ${summary.items_over_30_percent} to more than 30 %.`,
    });
  if (summary.items_never_used > summary.items_used)
    warnings.push({
      code: 'unused_items',
      detail: `${summary.items_never_used} of ${summary.items_never_used + summary.items_used} items are never given.`,
    });
  if (sympson_hetter !== null && !sympson_hetter.converged)
    warnings.push({
      code: 'sympson_hetter_not_converged',
      detail: 'The exposure parameters found keep the target only nearly.',
    });
  return warnings;
}

function content({ groups }: Found): SimulationWarning[] {
  const off = groups.filter(({ wanted, given }) => Math.abs(wanted - given) > 0.1);
  if (off.length === 0) return [];
  const which = off.map(({ name, wanted, given }) => `${name} ${percent(given)} for ${percent(wanted)}`);
  return [{ code: 'content_not_kept', detail: `Shares are off: ${which.join(', ')}.` }];
}
