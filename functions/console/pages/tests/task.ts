import { user } from '../../app/session.ts';
import { type Resource, useResource } from '../../data/resource.ts';

/** A quiz or an adaptive test that a student may take now. */
export interface Task {
  readonly kind: 'quiz' | 'test';
  readonly id: string;
  readonly href: string;
  readonly title: string;
  /** Of a quiz its class, of a test its type. */
  readonly about: string;
  /** Of a test at most so many. */
  readonly questions: number;
  readonly time_limit_s: number | null;
  readonly due_at: string | null;
  readonly running: boolean;
  /** Taken before; it may be taken again. */
  readonly done: boolean;
}

/** Asked for with code that only students need, who see their home page before it has come. */
export const useMyTasks = (): Resource<Task[]> =>
  useResource(`tasks.${user.value?.user_id ?? ''}`, async (signal) =>
    user.value?.role === 'student' ? (await import('./my-tasks.ts')).myTasks(signal) : [],
  );
