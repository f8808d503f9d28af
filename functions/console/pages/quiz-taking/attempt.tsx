import { useEffect, useMemo } from 'preact/hooks';
import { visible } from '../../app/visible.ts';
import '../../i18n/taking.ts';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { AttemptResult } from './attempt-result.tsx';
import { LiveAttempt } from './live-attempt.ts';
import { Taking } from './taking.tsx';

/** An attempt at a quiz: while it runs its questions, afterwards what came out of it. */
export function QuizAttemptPage({ id }: { id: string }) {
  const live = useMemo(() => new LiveAttempt(id), [id]);
  useEffect(() => {
    void live.load();
    const leave = () => live.retry();
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      live.dispose();
    };
  }, [live]);
  useEffect(() => {
    if (visible.value) void live.look();
  }, [live, visible.value]);

  const attempt = live.attempt.value;
  if (!attempt && live.failure.value !== undefined)
    return <Failure error={live.failure.value} retry={() => void live.load()} />;
  if (!attempt) return <Skeleton lines={5} height={64} />;
  if (attempt.status === 'in_progress' && attempt.questions.length > 0)
    return <Taking live={live} attempt={attempt} />;
  return <AttemptResult attempt={attempt} tooLate={live.tooLate.value} />;
}
