import type { DifClass } from '../dif/groups.ts';
import type { ItemFit } from '../fit/s-x2.ts';
import type { GateName } from '../names.ts';
import type { Calibration } from './calibrate.ts';

/** What an item must pass before a person may publish its parameters. */
export interface CalibrationGates {
  /** Fewest persons who answered it: 300. */
  readonly min_answers?: number;
  /** Standard errors of b, and of a, must be below: .25, and no limit. */
  readonly max_se_b?: number;
  readonly max_se_a?: number;
  /** Least p of its fit (S-X²): .01. */
  readonly min_fit_p?: number;
  /** DIF classes that fail: C. */
  readonly failing_dif?: readonly DifClass[];
}

export interface GateOutcome {
  readonly gate: GateName;
  readonly passed: boolean;
  /** What was found; null where it is not known. */
  readonly value: number | string | null;
  readonly limit: number | string;
}

export interface ItemGates {
  readonly item: number;
  readonly passed: boolean;
  readonly gates: readonly GateOutcome[];
}

/** What is known besides the calibration; what is not given is not asked for. */
export interface GateEvidence {
  readonly fit?: readonly ItemFit[];
  readonly dif?: readonly { readonly item: number; readonly class: DifClass | null }[];
}

/**
 * Checks each calibrated item (fixed ones are not checked): converged, n ≥ 300, SE(b) < .25, a > 0, S-X² with
 * p ≥ .01, no DIF of class C. A test that could not be made (no degrees of freedom, no common strata) does not fail.
 */
export function calibrationGates(
  { items, report }: Calibration,
  evidence: GateEvidence = {},
  limits: CalibrationGates = {},
): ItemGates[] {
  const { min_answers = 300, max_se_b = 0.25, max_se_a, min_fit_p = 0.01, failing_dif = ['C'] } = limits;
  const checked = items.map(({ answered, standard_errors: errors, slope, fixed }, item): ItemGates | null => {
    if (fixed) return null;
    const seB = errors?.b ?? null;
    const seA = errors?.a ?? null;
    const gates: GateOutcome[] = [
      { gate: 'converged', passed: report.converged, value: String(report.converged), limit: 'true' },
      { gate: 'answers', passed: answered >= min_answers, value: answered, limit: min_answers },
      { gate: 'se_b', passed: seB !== null && seB < max_se_b, value: seB, limit: max_se_b },
      { gate: 'discrimination', passed: slope > 0, value: slope, limit: 0 },
    ];
    if (max_se_a !== undefined)
      gates.push({ gate: 'se_a', passed: seA !== null && seA < max_se_a, value: seA, limit: max_se_a });
    const fit = evidence.fit?.find((found) => found.item === item);
    if (fit !== undefined) {
      const known = !Number.isNaN(fit.p);
      gates.push({
        gate: 'fit',
        passed: !(fit.p < min_fit_p),
        value: known ? fit.p : null,
        limit: min_fit_p,
      });
    }
    const dif = evidence.dif?.find((found) => found.item === item);
    if (dif !== undefined) {
      const passed = dif.class === null || !failing_dif.includes(dif.class);
      gates.push({ gate: 'dif', passed, value: dif.class, limit: failing_dif.join() });
    }
    return { item, passed: gates.every((gate) => gate.passed), gates };
  });
  return checked.filter((gates) => gates !== null);
}
