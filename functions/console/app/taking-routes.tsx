import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { lazy } from './lazy.tsx';
import type { Route } from './routes.tsx';

const Tests = lazy(async () => (await import('../pages/tests/tests.tsx')).Tests);
const TestPlan = lazy(async () => (await import('../pages/tests/test-plan.tsx')).TestPlan);
const Test = lazy(async () => (await import('../pages/tests/test.tsx')).Test);
const TestResult = lazy(async () => (await import('../pages/tests/test-result.tsx')).TestResult);
const QuizIntro = lazy(async () => (await import('../pages/quiz-taking/quiz.tsx')).QuizIntro);
const QuizAttemptPage = lazy(async () => (await import('../pages/quiz-taking/attempt.tsx')).QuizAttemptPage);
const Child = lazy(async () => (await import('../pages/students/child.tsx')).Child);

/** Who may join a class takes its quizzes and tests; results are also for guardians and the staff: for everybody. */
const takers = schoolOperations.joinClass;

/** Pages of those who take quizzes and tests, and of those who see what came out of them. */
export const takingRoutes: readonly Route[] = [
  { pattern: '/tests', needs: takers, page: () => <Tests /> },
  { pattern: '/tests/:id', needs: takers, width: 'narrow', page: ({ id = '' }) => <Test key={id} id={id} /> },
  { pattern: '/tests/plans/:id', needs: takers, page: ({ id = '' }) => <TestPlan key={id} id={id} /> },
  {
    pattern: '/tests/:id/result',
    page: ({ id = '' }) => <TestResult key={id} id={id} />,
  },
  { pattern: '/quizzes/:id', page: ({ id = '' }) => <QuizIntro key={id} id={id} /> },
  {
    pattern: '/quiz-attempts/:id',
    page: ({ id = '' }) => <QuizAttemptPage key={id} id={id} />,
  },
  {
    pattern: '/children/:id',
    needs: schoolOperations.listGuardianLinks,
    page: ({ id = '' }) => <Child key={id} id={id} />,
  },
];
