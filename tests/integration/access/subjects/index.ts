import type { contracts } from '#shared/contracts/index.ts';
import type { Subjects } from '../subject.ts';
import { assignmentSubjects } from './assignments.ts';
import { authSubjects } from './auth.ts';
import { calibrationSubjects } from './calibrations.ts';
import { executionSubjects } from './code.ts';
import { catSubjects, planSubjects, sessionSubjects } from './exams.ts';
import { exerciseSubjects } from './exercises.ts';
import { itemBankSubjects, itemStatisticsSubjects, itemSubjects } from './items.ts';
import { platformSubjects, realtimeSubjects, validatorSubjects } from './platform.ts';
import { policySubjects } from './policies.ts';
import { quizSubjects } from './quizzes.ts';
import { regradeSubjects } from './regrades.ts';
import { reviewSubjects } from './reviews.ts';
import { schoolSubjects } from './school.ts';
import { similaritySubjects } from './similarity.ts';
import { handedSubjects } from './submissions.ts';
import { trainingSubjects } from './training.ts';

/** How to ask for every operation of every contract; one that is missing does not compile. */
export const subjects: { readonly [D in keyof typeof contracts]: Subjects<(typeof contracts)[D]> } = {
  auth: authSubjects,
  school: schoolSubjects,
  testing: {
    ...itemBankSubjects,
    ...itemSubjects,
    ...planSubjects,
    ...sessionSubjects,
    ...catSubjects,
    ...calibrationSubjects,
    ...itemStatisticsSubjects,
  },
  assessment: quizSubjects,
  training: trainingSubjects,
  policies: policySubjects,
  code: {
    ...executionSubjects,
    ...exerciseSubjects,
    ...assignmentSubjects,
    ...handedSubjects,
    ...reviewSubjects,
    ...similaritySubjects,
    ...regradeSubjects,
  },
  validator: validatorSubjects,
  realtime: realtimeSubjects,
  platform: platformSubjects,
};
