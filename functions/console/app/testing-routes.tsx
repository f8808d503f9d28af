import { exerciseOperations } from '#shared/contracts/exercises.ts';
import { lazy } from './lazy.tsx';
import type { Route } from './routes.tsx';

const ItemBanks = lazy(async () => (await import('../pages/item-banks/banks.tsx')).ItemBanks);
const ItemBankPage = lazy(async () => (await import('../pages/item-banks/bank.tsx')).ItemBankPage);
const ImportItems = lazy(
  async () => (await import('../pages/item-banks/import/import-items.tsx')).ImportItems,
);
const NewItem = lazy(async () => (await import('../pages/item-banks/item-page.tsx')).NewItem);
const EditItem = lazy(async () => (await import('../pages/item-banks/item-page.tsx')).EditItem);
const ExamPlans = lazy(async () => (await import('../pages/exam-plans/plans.tsx')).ExamPlans);
const NewPlan = lazy(async () => (await import('../pages/exam-plans/plan-editor.tsx')).NewPlan);
const EditPlan = lazy(async () => (await import('../pages/exam-plans/plan-editor.tsx')).EditPlan);
const ExamPlanPage = lazy(async () => (await import('../pages/exam-plans/plan.tsx')).ExamPlanPage);

const NewQuiz = lazy(async () => (await import('../pages/quizzes/write-quiz.tsx')).NewQuiz);
const EditQuiz = lazy(async () => (await import('../pages/quizzes/write-quiz.tsx')).EditQuiz);
const TeacherQuiz = lazy(async () => (await import('../pages/quizzes/quiz-page.tsx')).TeacherQuiz);

const ImportResults = lazy(
  async () => (await import('../pages/class-results/import/import-results.tsx')).ImportResults,
);
const SchoolClass = lazy(async () => (await import('../pages/classes/class.tsx')).SchoolClass);
const ExamSessionPage = lazy(
  async () => (await import('../pages/class-live/exam-session.tsx')).ExamSessionPage,
);

const BankAnalysis = lazy(async () => (await import('../pages/calibrations/analysis.tsx')).BankAnalysis);
const BankCalibrations = lazy(
  async () => (await import('../pages/calibrations/bank-calibrations.tsx')).BankCalibrations,
);
const CalibrationPage = lazy(
  async () => (await import('../pages/calibrations/calibration.tsx')).CalibrationPage,
);

/** Items belong to the organisation like exercises: its staff reads them, those who write exercises write them. */
const readers = exerciseOperations.listVersions;
const authors = exerciseOperations.createExercise;

/** Pages of teachers about items, quizzes and tests. */
export const testingRoutes: readonly Route[] = [
  { pattern: '/item-banks', needs: readers, page: () => <ItemBanks /> },
  {
    pattern: '/item-banks/:id',
    needs: readers,
    page: ({ id = '' }) => <ItemBankPage key={id} id={id} tab="items" />,
  },
  {
    pattern: '/item-banks/:id/versions',
    needs: readers,
    page: ({ id = '' }) => <ItemBankPage key={id} id={id} tab="versions" />,
  },
  {
    pattern: '/item-banks/:id/analysis',
    needs: readers,
    page: ({ id = '' }) => <BankAnalysis key={id} id={id} />,
  },
  {
    pattern: '/item-banks/:id/calibrations',
    needs: readers,
    page: ({ id = '' }) => <BankCalibrations key={id} id={id} />,
  },
  {
    pattern: '/calibrations/:id',
    needs: readers,
    page: ({ id = '' }) => <CalibrationPage key={id} id={id} />,
  },
  {
    pattern: '/item-banks/:id/import',
    needs: authors,
    page: ({ id = '' }) => <ImportItems key={id} bank_id={id} />,
  },
  {
    pattern: '/item-banks/:id/items/new',
    needs: authors,
    width: 'wide',
    page: ({ id = '' }) => <NewItem key={id} bank_id={id} />,
  },
  {
    pattern: '/item-banks/:id/items/:item',
    needs: readers,
    width: 'wide',
    page: ({ id = '', item = '' }) => <EditItem key={item} bank_id={id} item_id={item} />,
  },
  { pattern: '/quizzes/new', needs: authors, width: 'narrow', page: () => <NewQuiz /> },
  { pattern: '/quizzes/:id', needs: readers, page: ({ id = '' }) => <TeacherQuiz key={id} id={id} /> },
  {
    pattern: '/quizzes/:id/edit',
    needs: authors,
    width: 'narrow',
    page: ({ id = '' }) => <EditQuiz key={id} id={id} />,
  },
  ...(['quizzes', 'live', 'results'] as const).map(
    (tab): Route => ({
      pattern: `/classes/:id/${tab}`,
      needs: readers,
      width: 'wide',
      page: ({ id = '' }) => <SchoolClass key={id} id={id} tab={tab} />,
    }),
  ),
  {
    pattern: '/classes/:id/import-results',
    needs: authors,
    width: 'narrow',
    page: ({ id = '' }) => <ImportResults key={id} class_id={id} />,
  },
  {
    pattern: '/exam-sessions/:id',
    needs: readers,
    page: ({ id = '' }) => <ExamSessionPage key={id} id={id} />,
  },
  { pattern: '/exam-plans', needs: readers, page: () => <ExamPlans /> },
  { pattern: '/exam-plans/new', needs: authors, width: 'narrow', page: () => <NewPlan /> },
  { pattern: '/exam-plans/:id', needs: readers, page: ({ id = '' }) => <ExamPlanPage key={id} id={id} /> },
  {
    pattern: '/exam-plans/:id/edit',
    needs: authors,
    width: 'narrow',
    page: ({ id = '' }) => <EditPlan key={id} id={id} />,
  },
];
