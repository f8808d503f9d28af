import type { VNode } from 'preact';
import { assignmentOperations } from '#shared/contracts/assignments.ts';
import { exerciseOperations } from '#shared/contracts/exercises.ts';
import type { Operation } from '#shared/contracts/operation.ts';
import { regradeOperations } from '#shared/contracts/regrades.ts';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { submissionOperations } from '#shared/contracts/submissions.ts';
import { trainingContract } from '#shared/contracts/training.ts';
import { Home } from '../pages/home/home.tsx';
import { lazy } from './lazy.tsx';
import { matchPath } from './location.ts';
import { may } from './session.ts';
import { takingRoutes } from './taking-routes.tsx';
import { testingRoutes } from './testing-routes.tsx';

type Params = Readonly<Record<string, string>>;
export type Width = 'narrow' | 'wide' | '';
export interface Route {
  readonly pattern: string;
  /** Without permission for this operation the page does not exist. */
  readonly needs?: Operation;
  /** How much of a wide screen the page takes. Default: 1160 pixels. */
  readonly width?: Width;
  readonly page: (params: Params) => VNode;
}

const Account = lazy(async () => (await import('../pages/account/account.tsx')).Account);
const Trainings = lazy(async () => (await import('../pages/trainings/trainings.tsx')).Trainings);
const NewTraining = lazy(async () => (await import('../pages/trainings/form/new-training.tsx')).NewTraining);
const Compare = lazy(async () => (await import('../pages/trainings/compare/compare.tsx')).Compare);
const Leaderboard = lazy(async () => (await import('../pages/trainings/boards/leaderboard.tsx')).Leaderboard);
const Sweeps = lazy(async () => (await import('../pages/trainings/sweeps/sweeps.tsx')).Sweeps);
const NewSweep = lazy(async () => (await import('../pages/trainings/sweeps/new-sweep.tsx')).NewSweep);
const SweepPage = lazy(async () => (await import('../pages/trainings/sweeps/sweep.tsx')).SweepPage);
const Training = lazy(async () => (await import('../pages/trainings/training.tsx')).Training);
const Exercises = lazy(async () => (await import('../pages/exercises/exercises.tsx')).Exercises);
const ExercisePage = lazy(async () => (await import('../pages/exercises/exercise.tsx')).ExercisePage);
const AssignmentPage = lazy(
  async () => (await import('../pages/assignments-student/assignment.tsx')).AssignmentPage,
);
const HandedIn = lazy(async () => (await import('../pages/teaching/handed-in.tsx')).HandedIn);
const ExerciseLibrary = lazy(
  async () => (await import('../pages/teaching/exercise-list.tsx')).ExerciseLibrary,
);
const WrittenExercise = lazy(
  async () => (await import('../pages/teaching/written-exercise.tsx')).WrittenExercise,
);
const NewExercise = lazy(async () => (await import('../pages/teaching/exercise-editor.tsx')).NewExercise);
const EditExercise = lazy(async () => (await import('../pages/teaching/exercise-editor.tsx')).EditExercise);
const GivenAssignment = lazy(
  async () => (await import('../pages/teaching/given-assignment.tsx')).GivenAssignment,
);
const Similarity = lazy(async () => (await import('../pages/teaching/similarity.tsx')).Similarity);
const AssignmentRegrades = lazy(
  async () => (await import('../pages/teaching/regrades.tsx')).AssignmentRegrades,
);
const ExerciseRegrades = lazy(async () => (await import('../pages/teaching/regrades.tsx')).ExerciseRegrades);
const RegradePage = lazy(async () => (await import('../pages/teaching/regrade.tsx')).RegradePage);

const Classes = lazy(async () => (await import('../pages/classes/classes.tsx')).Classes);
const SchoolClass = lazy(async () => (await import('../pages/classes/class.tsx')).SchoolClass);
const ImportRoster = lazy(
  async () => (await import('../pages/classes/roster-file/import-roster.tsx')).ImportRoster,
);
const ClassCards = lazy(
  async () => (await import('../pages/classes/roster-file/class-cards.tsx')).ClassCards,
);
const Student = lazy(async () => (await import('../pages/students/student.tsx')).Student);
const Users = lazy(async () => (await import('../pages/admin/users.tsx')).Users);
const Organizations = lazy(async () => (await import('../pages/admin/organizations.tsx')).Organizations);
const FailedTrainings = lazy(
  async () => (await import('../pages/admin/failed-trainings.tsx')).FailedTrainings,
);

/** Students and guardians have one page of a thing to learn with, the staff another one to teach with. */
const isStaff = (): boolean => may(exerciseOperations.listVersions);

const routes: readonly Route[] = [
  { pattern: '/', page: () => <Home /> },
  { pattern: '/account', width: 'narrow', page: () => <Account /> },
  { pattern: '/trainings', needs: trainingContract.start, page: () => <Trainings /> },
  { pattern: '/trainings/new', needs: trainingContract.start, width: 'narrow', page: () => <NewTraining /> },
  { pattern: '/trainings/compare', needs: trainingContract.list, width: 'wide', page: () => <Compare /> },
  {
    pattern: '/trainings/leaderboards/:environment',
    needs: trainingContract.list,
    page: ({ environment = '' }) => <Leaderboard environment={environment} />,
  },
  { pattern: '/trainings/sweeps', needs: trainingContract.listSweeps, page: () => <Sweeps /> },
  {
    pattern: '/trainings/sweeps/new',
    needs: trainingContract.startSweep,
    width: 'narrow',
    page: () => <NewSweep />,
  },
  { pattern: '/trainings/sweeps/:id', page: ({ id = '' }) => <SweepPage key={id} id={id} /> },
  { pattern: '/trainings/:id', page: ({ id = '' }) => <Training key={id} id={id} /> },
  {
    pattern: '/exercises',
    needs: exerciseOperations.listExercises,
    page: () => (isStaff() ? <ExerciseLibrary /> : <Exercises />),
  },
  { pattern: '/exercises/new', needs: exerciseOperations.createExercise, page: () => <NewExercise /> },
  {
    pattern: '/exercises/:id',
    needs: exerciseOperations.getExercise,
    width: 'wide',
    page: ({ id = '' }) =>
      isStaff() ? <WrittenExercise key={id} id={id} /> : <ExercisePage key={id} id={id} />,
  },
  {
    pattern: '/exercises/:id/try',
    needs: exerciseOperations.listVersions,
    width: 'wide',
    page: ({ id = '' }) => <ExercisePage key={id} id={id} />,
  },
  {
    pattern: '/exercises/:id/edit',
    needs: exerciseOperations.updateExercise,
    page: ({ id = '' }) => <EditExercise key={id} id={id} />,
  },
  {
    pattern: '/exercises/:id/regrades',
    needs: regradeOperations.createRegrade,
    width: 'narrow',
    page: ({ id = '' }) => <ExerciseRegrades key={id} id={id} />,
  },
  {
    pattern: '/assignments/:id',
    needs: assignmentOperations.getAssignment,
    width: 'wide',
    page: ({ id = '' }) =>
      isStaff() ? <GivenAssignment key={id} id={id} /> : <AssignmentPage key={id} id={id} />,
  },
  {
    pattern: '/assignments/:id/similarity',
    needs: assignmentOperations.getSimilarity,
    width: 'wide',
    page: ({ id = '' }) => <Similarity key={id} id={id} />,
  },
  {
    pattern: '/assignments/:id/regrades',
    needs: regradeOperations.createRegrade,
    width: 'narrow',
    page: ({ id = '' }) => <AssignmentRegrades key={id} id={id} />,
  },
  {
    pattern: '/regrades/:id',
    needs: regradeOperations.getRegrade,
    page: ({ id = '' }) => <RegradePage key={id} id={id} />,
  },
  {
    pattern: '/submissions/:id',
    needs: submissionOperations.getSubmission,
    width: 'wide',
    page: ({ id = '' }) => <HandedIn key={id} id={id} />,
  },
  ...testingRoutes,
  ...takingRoutes,
  { pattern: '/classes', needs: schoolOperations.listClassStudents, page: () => <Classes /> },
  { pattern: '/classes/import', needs: schoolOperations.importRoster, page: () => <ImportRoster /> },
  {
    pattern: '/classes/:id',
    needs: schoolOperations.listClassStudents,
    page: ({ id = '' }) => <SchoolClass key={id} id={id} tab="students" />,
  },
  {
    pattern: '/classes/:id/assignments',
    needs: assignmentOperations.assignmentProgress,
    width: 'wide',
    page: ({ id = '' }) => <SchoolClass key={id} id={id} tab="assignments" />,
  },
  {
    pattern: '/classes/:id/import',
    needs: schoolOperations.importRoster,
    page: ({ id = '' }) => <ImportRoster key={id} class_id={id} />,
  },
  {
    pattern: '/classes/:id/cards',
    needs: schoolOperations.resetClass,
    page: ({ id = '' }) => <ClassCards key={id} id={id} />,
  },
  {
    pattern: '/classes/:id/staff',
    needs: schoolOperations.listStaff,
    page: ({ id = '' }) => <SchoolClass key={id} id={id} tab="staff" />,
  },
  {
    pattern: '/classes/:id/trainings',
    needs: schoolOperations.listClassStudents,
    page: ({ id = '' }) => <SchoolClass key={id} id={id} tab="trainings" />,
  },
  {
    pattern: '/students/:id',
    needs: schoolOperations.listStudents,
    page: ({ id = '' }) => <Student key={id} id={id} />,
  },
  { pattern: '/users', needs: schoolOperations.listUsers, page: () => <Users /> },
  { pattern: '/organizations', needs: schoolOperations.updateOrganization, page: () => <Organizations /> },
  { pattern: '/failed', needs: trainingContract.redrive, page: () => <FailedTrainings /> },
];

export function findPage(path: string): { page: VNode; width: Width } | undefined {
  for (const { pattern, needs, width = '', page } of routes) {
    const params = matchPath(pattern, path);
    if (params && (needs === undefined || may(needs))) return { page: page(params), width };
  }
  return undefined;
}
