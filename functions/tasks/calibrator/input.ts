import type { CalibrationConfig } from '#shared/contracts/calibrations.ts';
import type { ItemParameters } from '#shared/domain/irt/index.ts';

/** An item of the calibrated version of the bank. */
export interface Candidate {
  readonly item_id: string;
  readonly revision: number;
  readonly status: 'live' | 'pilot';
  readonly parameters: ItemParameters | null;
  /** How many categories its answers have. */
  readonly categories: number;
}

/** The answers of all sessions, one after another: session s has those from start[s] to start[s + 1]. */
export interface SessionAnswers {
  readonly start: Int32Array;
  /** Which candidate was answered, and in which category. */
  readonly item: Int32Array;
  readonly category: Int8Array;
}

/** Of a session in an analysis of differential item functioning. */
export const REFERENCE = 0;
export const FOCAL = 1;
export const NEITHER = -1;

/** All that a calibration computes from; it is handed to a thread. */
export interface CalibrationInput {
  readonly config: CalibrationConfig;
  readonly D: number;
  readonly candidates: readonly Candidate[];
  readonly answers: SessionAnswers;
  /** REFERENCE, FOCAL or NEITHER of each session; null: not asked for. */
  readonly groups: Int8Array | null;
}

/** The request cannot be calibrated from these answers; running it again would not help. */
export class Uncalibratable extends Error {
  readonly error_code: string;
  constructor(error_code: string, message: string) {
    super(message);
    this.name = 'Uncalibratable';
    this.error_code = error_code;
  }
}
