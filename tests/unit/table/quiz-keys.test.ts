import { expect, test } from 'vitest';
import {
  classQuizzes,
  type QuizAttemptRecord,
  type QuizRecord,
  quizAttempts,
  quizContents,
  quizStandings,
  quizWork,
  quizzes,
} from '#shared/table/quiz.ts';
import { keysOf } from '#tests/support/keys-of.ts';

const at = '2026-11-20T09:30:00.000Z';
const end = '2026-11-20T09:40:00.000Z';
const quiz: QuizRecord = {
  quiz_id: 'q1',
  org_id: 'o1',
  class_id: 'c1',
  title: 'Quiz',
  description: '',
  questions: [],
  max_score: 4,
  content_number: 1,
  time_limit_s: 600,
  opens_at: null,
  due_at: end,
  late_policy: 'refuse',
  max_attempts: 1,
  counts: 'best',
  feedback: { when: 'after_submit', show: 'answers' },
  shuffle_questions: false,
  shuffle_options: false,
  status: 'open',
  created_by: 'u1',
  created_at: at,
  updated_at: at,
  version: 1,
};
const attempt: QuizAttemptRecord = {
  attempt_id: 'a1',
  quiz_id: 'q1',
  quiz_title: 'Quiz',
  org_id: 'o1',
  class_id: 'c1',
  student_id: 's1',
  student_name: 'Ann',
  number: 1,
  content_number: 1,
  shuffle_questions: false,
  shuffle_options: false,
  seed: 7,
  started_at: at,
  limit_at: end,
  deadline_at: end,
  time_limit_s: 600,
  time_factor: 1,
  status: 'in_progress',
  submitted_at: null,
  late: false,
  score: null,
  max_score: 4,
  percent: null,
  client_time_taken_s: null,
  version: 1,
};

test('quizzes and attempts stand where their access patterns look for them', () => {
  expect(keysOf(quizzes, quiz)).toEqual([
    'table: quiz#q1 / quiz',
    `gsi1: class#c1#quizzes / ${end}#q1`,
    `gsi2: org#o1#quizzes / ${end}#q1`,
  ]);
  expect(keysOf(quizzes, { ...quiz, due_at: null })[1]).toBe('gsi1: class#c1#quizzes / ~#q1');
  expect(keysOf(classQuizzes, quiz)).toEqual(['table: class#c1 / quiz#q1']);
  const content = { quiz_id: 'q1', content_number: 2, questions: [], created_at: at };
  expect(keysOf(quizContents, content)).toEqual(['table: quiz#q1 / content#00002']);
  expect(keysOf(quizAttempts, attempt)).toEqual([
    'table: quizattempt#a1 / attempt',
    `gsi1: user#s1#quizattempts / ${at}#a1`,
    `gsi2: quiz#q1#attempts / ${at}#a1`,
    `gsi3: quizzes#open / ${end}#a1`,
  ]);
  const work = { attempt_id: 'a1', quiz_id: 'q1', student_id: 's1', content_number: 1, deadline_at: end };
  const empty = { answers: {}, saved: 0, saved_at: null, scores: null, version: 1 };
  expect(keysOf(quizWork, { ...work, ...empty })).toEqual(['table: quizattempt#a1 / work']);
  expect(keysOf(quizStandings, { quiz_id: 'q1', student_id: 's1', tries: [], version: 1 })).toEqual([
    'table: quiz#q1 / standing#s1',
  ]);
});

test('the sweep finds only attempts whose time runs', () => {
  for (const other of [
    { ...attempt, deadline_at: null },
    { ...attempt, status: 'submitted' as const },
    { ...attempt, status: 'expired' as const },
  ])
    expect(keysOf(quizAttempts, other)).toHaveLength(3);
});
