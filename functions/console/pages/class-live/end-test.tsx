import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { useAct } from '../../data/act.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/feedback.tsx';
import type { LiveTest } from './moved-on.ts';

interface EndTestProps {
  readonly test: LiveTest;
  readonly onEnded: () => void;
  readonly onClose: () => void;
}

/** Ends a student's test, with what they have answered or without a result. */
export function EndTest({ test: { exam_session_id, student_name }, onEnded, onClose }: EndTestProps) {
  const { busy, failure, run } = useAct();
  const end = (status: 'completed' | 'abandoned') =>
    run(status, async () => {
      await testing.sessions.updateExamSession({ params: { exam_session_id }, body: { status } });
      toast('good', t('watch.closed', { name: student_name }));
      onEnded();
      onClose();
    });
  return (
    <Dialog title={t('watch.closeTitle', { name: student_name })} onClose={onClose}>
      <p>{t('watch.closeText')}</p>
      <Failure error={failure} />
      <div class="dialog-foot">
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button kind="danger" busy={busy === 'abandoned'} onClick={() => void end('abandoned')}>
          {t('watch.abandon')}
        </Button>
        <Button kind="primary" busy={busy === 'completed'} onClick={() => void end('completed')}>
          {t('watch.complete')}
        </Button>
      </div>
    </Dialog>
  );
}
