import { exerciseOperations } from '#shared/contracts/exercises.ts';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { trainingContract } from '#shared/contracts/training.ts';
import type { Key } from '../i18n/index.ts';
import type { IconName } from '../ui/icon.tsx';
import { may, user } from './session.ts';

interface NavItem {
  readonly href: string;
  readonly label: Key;
  readonly icon: IconName;
  readonly group: 'work' | 'school';
  /** Phones show these at the bottom; the others are in the person's menu. */
  readonly atBottom?: boolean;
}

/** What the signed-in person's role can use, as the contract says. */
export function navigation(): NavItem[] {
  const isPupil = user.value?.role === 'student';
  const items: (NavItem | false)[] = [
    { href: '/', label: 'nav.home', icon: 'home', group: 'work', atBottom: true },
    may(exerciseOperations.listExercises) && {
      href: '/exercises',
      label: 'nav.exercises',
      icon: 'code',
      group: 'work',
      atBottom: true,
    },
    may(schoolOperations.joinClass) && {
      href: '/tests',
      label: 'nav.tests',
      icon: 'quiz',
      group: 'work',
      atBottom: true,
    },
    may(trainingContract.start) && {
      href: '/trainings',
      label: 'nav.trainings',
      icon: 'training',
      group: 'work',
      atBottom: true,
    },
    !isPupil &&
      may(schoolOperations.listClassStudents) && {
        href: '/classes',
        label: 'nav.classes',
        icon: 'classes',
        group: 'work',
        atBottom: true,
      },
    may(exerciseOperations.listVersions) && {
      href: '/item-banks',
      label: 'nav.itemBanks',
      icon: 'bank',
      group: 'work',
    },
    may(exerciseOperations.listVersions) && {
      href: '/exam-plans',
      label: 'nav.examPlans',
      icon: 'gauge',
      group: 'work',
    },
    may(schoolOperations.listUsers) && {
      href: '/users',
      label: 'nav.users',
      icon: 'people',
      group: 'school',
      atBottom: true,
    },
    may(schoolOperations.updateOrganization) && {
      href: '/organizations',
      label: 'nav.organizations',
      icon: 'building',
      group: 'school',
    },
    may(trainingContract.redrive) && {
      href: '/failed',
      label: 'failed.title',
      icon: 'alert',
      group: 'school',
    },
  ];
  return items.filter((item) => item !== false);
}

/** Pages that stand below another one in the navigation than their address says. */
const ofLearners: Readonly<Record<string, string>> = {
  assignments: '/exercises',
  submissions: '/exercises',
  quizzes: '/tests',
  'quiz-attempts': '/tests',
};
const ofStaff: Readonly<Record<string, string>> = {
  assignments: '/classes',
  submissions: '/classes',
  regrades: '/classes',
  quizzes: '/classes',
  'exam-sessions': '/classes',
  calibrations: '/item-banks',
};

export function isCurrent(href: string, path: string): boolean {
  const home = may(exerciseOperations.listVersions) ? ofStaff : ofLearners;
  const place = home[path.split('/')[1] ?? ''] ?? path;
  return href === '/' ? place === '/' : place === href || place.startsWith(`${href}/`);
}
