import { useSignal } from '@preact/signals';
import type { Calibration, CalibrationReport } from '#shared/contracts/calibrations.ts';
import { testing } from '../../app/testing-api.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';

interface Props {
  readonly calibration: Calibration;
  readonly report: CalibrationReport;
  readonly chosen: ReadonlySet<string>;
  readonly onChoosePassed: () => void;
  readonly onChanged: (calibration: Calibration) => void;
}

/** Gives the chosen items their parameters; a person decides, and says why where a check failed. */
export function PublishCalibration(props: Props) {
  const open = useSignal(false);
  const { chosen, calibration, onChoosePassed } = props;
  const goesOn = calibration.publication?.status === 'publishing';
  return (
    <div class="card stage-box">
      <div class="grow">
        <strong>{counted('calibration.chosen', chosen.size)}</strong>
      </div>
      {!goesOn && <Button onClick={onChoosePassed}>{t('calibration.choosePassed')}</Button>}
      <Button
        kind="primary"
        icon="check"
        disabled={chosen.size === 0 && !goesOn}
        onClick={() => {
          open.value = true;
        }}
      >
        {t('calibration.publish')}
      </Button>
      {open.value && (
        <PublishDialog
          {...props}
          onClose={() => {
            open.value = false;
          }}
        />
      )}
    </div>
  );
}

const shortestReason = 10;

function PublishDialog({ calibration, report, chosen, onChanged, onClose }: Props & { onClose: () => void }) {
  const { publication, calibration_id, config } = calibration;
  const failed = report.items.some(({ item_id, passed }) => chosen.has(item_id) && !passed);
  // without a link the new parameters are on another scale than the bank's
  const needsReason = failed || (config.mode === 'free' && config.link === null);
  const form = useForm(
    { note: publication?.note ?? '', override_reason: publication?.override_reason ?? '' },
    {
      check: ({ override_reason }) => ({
        override_reason:
          needsReason && override_reason.trim().length < shortestReason && t('calibration.overrideMissing'),
      }),
      submit: async ({ note, override_reason }) => {
        onChanged(
          await testing.calibrations.publishCalibration({
            params: { calibration_id },
            body: {
              item_ids: publication?.items ?? [...chosen],
              ...(note.trim() !== '' && { note }),
              ...(override_reason.trim() !== '' && { override_reason }),
            },
          }),
        );
        onClose();
      },
    },
  );
  return (
    <Dialog title={t('calibration.publishTitle')} onClose={onClose}>
      <DialogForm form={form} action={t('calibration.publish')} onClose={onClose}>
        <p>{counted('calibration.publishText', chosen.size)}</p>
        {needsReason && (
          <Field label={t('calibration.override')} problem={form.problems.override_reason}>
            {(control) => <textarea {...control} {...form.control('override_reason')} rows={2} />}
          </Field>
        )}
        <Field label={t('calibration.note')} problem={form.problems.note} optional>
          {(control) => <input {...control} {...form.control('note')} maxLength={500} />}
        </Field>
      </DialogForm>
    </Dialog>
  );
}
