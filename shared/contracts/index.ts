import { assessmentContract } from './assessment.ts';
import { authContract } from './auth.ts';
import { banksContract } from './banks.ts';
import { gradingContract } from './grading.ts';
import type { Contract } from './operation.ts';
import { platformContract } from './platform.ts';
import { realtimeContract } from './realtime.ts';
import { schoolContract } from './school.ts';
import { testingContract } from './testing.ts';
import { trainingContract } from './training.ts';
import { policiesContract } from './training-policies.ts';
import { validationContract } from './validation.ts';

/** A domain: the function that serves it, and the path prefixes the API routes to that function. */
export interface Domain {
  readonly function: string;
  /** Each prefix becomes two routes: itself, and everything below it. None: the `$default` route. */
  readonly prefixes: readonly string[];
  readonly contract: Contract;
}

export const contracts = {
  auth: authContract,
  school: schoolContract,
  /** Of two functions: whoever writes items gives them in tests. */
  testing: { ...banksContract, ...testingContract },
  assessment: assessmentContract,
  training: trainingContract,
  policies: policiesContract,
  code: gradingContract,
  validator: validationContract,
  realtime: realtimeContract,
  platform: platformContract,
} as const;

export const domains = {
  auth: { function: 'auth', prefixes: ['/api/auth'], contract: authContract },
  school: { function: 'school', prefixes: ['/api/core'], contract: schoolContract },
  /** Both lie below `/api/core` like the school: the API takes the longer prefix. */
  banks: {
    function: 'banks',
    prefixes: ['/api/core/item-banks', '/api/core/items', '/api/core/calibrations'],
    contract: banksContract,
  },
  testing: {
    function: 'testing',
    prefixes: ['/api/core/exam-plans', '/api/core/exam-sessions', '/api/core/attempts', '/api/ims'],
    contract: testingContract,
  },
  assessment: { function: 'assessment', prefixes: ['/api/assessment'], contract: assessmentContract },
  training: { function: 'training', prefixes: ['/api/training'], contract: trainingContract },
  policies: {
    function: 'policies',
    prefixes: ['/api/training/{session_id}/export', '/api/training/uploads', '/api/training/leaderboards'],
    contract: policiesContract,
  },
  code: {
    function: 'code',
    prefixes: ['/api/code', '/api/exercises', '/api/assignments', '/api/submissions', '/api/regrades'],
    contract: gradingContract,
  },
  /** Lies below `/api/code`: the API takes the longer prefix. */
  validator: { function: 'validator', prefixes: ['/api/code/validate'], contract: validationContract },
  realtime: { function: 'realtime', prefixes: ['/api/realtime'], contract: realtimeContract },
  platform: { function: 'platform', prefixes: [], contract: platformContract },
} as const satisfies Record<string, Domain>;
