import { useSignal } from '@preact/signals';
import { ApiError } from '#shared/http/client.ts';
import { navigate } from '../../app/location.ts';
import { taking } from '../../app/taking-api.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';

/** Ends the test before its end: with a result where enough is answered, else without one. */
export function EndTest({ id, answered }: { id: string; answered: number }) {
  const asking = useSignal(false);
  return (
    <>
      <Button
        kind="quiet"
        size="small"
        onClick={() => {
          asking.value = true;
        }}
      >
        {t('test.end')}
      </Button>
      {asking.value && (
        <Confirm
          title={t('test.endTitle')}
          text={t('test.endText', { n: answered })}
          action={t('test.end')}
          keep={t('quiz.goOn')}
          onClose={() => {
            asking.value = false;
          }}
          act={async () => {
            await end(id);
            navigate(`/tests/${id}/result`, { replace: true });
          }}
        />
      )}
    </>
  );
}

async function end(exam_session_id: string): Promise<void> {
  const params = { exam_session_id };
  try {
    await taking.sessions.updateExamSession({ params, body: { status: 'completed' } });
  } catch (error) {
    // too few answers for a result: then it is given up
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    await taking.sessions.updateExamSession({ params, body: { status: 'abandoned' } });
  }
}
