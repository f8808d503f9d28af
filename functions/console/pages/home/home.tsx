import { user } from '../../app/session.ts';
import { t } from '../../i18n/index.ts';
import { PageHead } from '../../ui/page.tsx';
import { AdminHome } from './admin-home.tsx';
import { GuardianHome } from './guardian-home.tsx';
import { LearnerHome } from './learner-home.tsx';
import { TeacherHome } from './teacher-home.tsx';

const byRole = {
  student: LearnerHome,
  guardian: GuardianHome,
  assistant: TeacherHome,
  teacher: TeacherHome,
  org_admin: AdminHome,
  platform_admin: AdminHome,
} as const;

export function Home() {
  const person = user.value;
  if (!person) return null;
  const Content = byRole[person.role];
  return (
    <>
      <PageHead title={t('home.hello', { name: person.name })} />
      <Content />
    </>
  );
}
