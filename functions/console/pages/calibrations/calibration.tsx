import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type CalibrationProgress, calibrationProgress } from '#shared/contracts/calibration-progress.ts';
import { type Calibration, calibrationOperations } from '#shared/contracts/calibrations.ts';
import { may } from '../../app/session.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { useAct } from '../../data/act.ts';
import { useResource } from '../../data/resource.ts';
import '../../i18n/calibrations.ts';
import { number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Progress } from '../../ui/words.tsx';
import { followJob } from '../exercises/follow-job.ts';
import { dateText, useSchoolZone } from '../teaching/school-time.ts';
import { CalibrationBadge } from './bank-calibrations.tsx';
import { CalibrationReportView } from './calibration-report.tsx';

const isMoving = ({ status }: Calibration): boolean => status === 'pending' || status === 'running';

/** A calibration: under way, then what it found, until a person publishes it. */
export function CalibrationPage({ id }: { id: string }) {
  const zone = useSchoolZone();
  const params = { calibration_id: id };
  const { data, error, reload, set } = useResource(`calibration.${id}`, (signal) =>
    testing.calibrations.getCalibration({ params, signal }),
  );
  const progress = useSignal<CalibrationProgress | undefined>(undefined);
  const follows = data !== undefined && isMoving(data);
  useEffect(() => {
    if (!follows) return;
    return followJob({
      id,
      read: () => testing.calibrations.getCalibration({ params }),
      isFinal: (state) => !isMoving(state),
      isWaiting: ({ status }) => status === 'pending',
      onState: set,
      onEvent: ({ type, data: told }) => {
        const parsed = type === 'calibration.progress' ? calibrationProgress.safeParse(told) : undefined;
        if (parsed?.success) progress.value = parsed.data;
      },
    });
  }, [follows]);
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={48} />;
  return (
    <>
      <PageHead
        title={t('calibration.title', { when: dateText(data.created_at, zone) })}
        back={{ href: `/item-banks/${data.bank_id}/calibrations`, label: t('bank.tab.calibrations') }}
        lead={
          <>
            <CalibrationBadge status={data.status} /> {data.config.model} ·{' '}
            {t(`calibrations.mode.${data.config.mode}`)}
          </>
        }
      >
        {isMoving(data) && <Cancel id={id} onCancelled={set} />}
      </PageHead>
      {isMoving(data) && <Moving calibration={data} progress={progress.value ?? data.progress} />}
      {data.status === 'failed' && (
        <div class="card">
          <Empty
            icon="alert"
            title={t('calibration.failed')}
            text={data.error_detail ?? t('calibration.failedText')}
          >
            {may(calibrationOperations.redriveCalibration) && <Redrive id={id} onStarted={set} />}
          </Empty>
        </div>
      )}
      {data.status === 'cancelled' && (
        <div class="card">
          <Empty icon="stop" title={t('calibration.cancelledTitle')} text={t('calibration.cancelledText')} />
        </div>
      )}
      {data.status === 'completed' && <CalibrationReportView calibration={data} onChanged={set} />}
    </>
  );
}

interface ActProps {
  readonly id: string;
}
function Cancel({ id, onCancelled }: ActProps & { onCancelled: (calibration: Calibration) => void }) {
  const { busy, failure, run } = useAct();
  if (!may(calibrationOperations.cancelCalibration)) return null;
  return (
    <>
      <Button
        icon="stop"
        busy={busy !== undefined}
        onClick={() =>
          void run('cancel', async () => {
            onCancelled(await testing.calibrations.cancelCalibration({ params: { calibration_id: id } }));
            toast('good', t('calibration.cancelled'));
          })
        }
      >
        {t('calibration.cancel')}
      </Button>
      <Failure error={failure} />
    </>
  );
}

function Redrive({ id, onStarted }: ActProps & { onStarted: (calibration: Calibration) => void }) {
  const { busy, failure, run } = useAct();
  return (
    <>
      <Button
        icon="restart"
        busy={busy !== undefined}
        onClick={() =>
          void run('redrive', async () => {
            onStarted(await testing.calibrations.redriveCalibration({ params: { calibration_id: id } }));
          })
        }
      >
        {t('action.retry')}
      </Button>
      <Failure error={failure} />
    </>
  );
}

const stages = ['reading', 'estimating', 'judging', 'writing'] as const;

interface MovingProps {
  readonly calibration: Calibration;
  readonly progress: CalibrationProgress;
}
function Moving({ calibration: { status }, progress: { stage, done, total } }: MovingProps) {
  const at = stages.indexOf(stage);
  const within = stage === 'reading' && total > 0 ? done / total : 0.5;
  const words =
    status === 'pending'
      ? t('calibration.waiting')
      : stage === 'reading'
        ? t('calibration.stage.reading', { done: number(done), total: number(total) })
        : t(`calibration.stage.${stage}`);
  return (
    <div class="card card-body stack" aria-busy="true">
      <p role="status">{words}</p>
      <Progress value={status === 'pending' ? 0 : (at + within) / stages.length} label={words} />
    </div>
  );
}
