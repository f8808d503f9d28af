import { useSignal } from '@preact/signals';
import type { Assignment } from '#shared/contracts/assignments.ts';
import { api } from '../../app/api.ts';
import { navigate } from '../../app/location.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { assignmentTitle } from '../assignments-student/assignment-title.ts';
import { checkRules, RuleFields, rulesBody, ruleValues } from './assignment-form.tsx';
import { useSchoolZone } from './school-time.ts';

interface EditAssignmentProps {
  readonly assignment: Assignment;
  readonly onChanged: (assignment: Assignment) => void;
  readonly onClose: () => void;
}

/** Changes the rules of an assignment, or takes it back while nobody has handed anything in. */
export function EditAssignment({ assignment, onChanged, onClose }: EditAssignmentProps) {
  const zone = useSchoolZone();
  const takingBack = useSignal(false);
  const { assignment_id, class_id, version } = assignment;
  const form = useForm(ruleValues(assignment, zone), {
    check: checkRules,
    submit: async (values) => {
      const body = { ...rulesBody(values, zone), version };
      onChanged(await api.assignments.updateAssignment({ params: { assignment_id }, body }));
      toast('good', t('action.saved'));
      onClose();
    },
  });
  if (takingBack.value)
    return (
      <Confirm
        title={t('assign.takeBackTitle', { title: assignmentTitle(assignment) })}
        text={t('assign.takeBackText')}
        action={t('assign.takeBack')}
        onClose={onClose}
        act={async () => {
          await api.assignments.deleteAssignment({ params: { assignment_id } });
          toast('good', t('assign.takenBack'));
          navigate(`/classes/${class_id}/assignments`, { replace: true });
        }}
      />
    );
  return (
    <Dialog title={t('assign.rules')} onClose={onClose}>
      <DialogForm form={form} action={t('action.save')} onClose={onClose}>
        <RuleFields form={form} zone={zone} />
        <div class="row">
          <Button
            kind="quiet"
            size="small"
            icon="trash"
            onClick={() => {
              takingBack.value = true;
            }}
          >
            {t('assign.takeBack')}
          </Button>
        </div>
      </DialogForm>
    </Dialog>
  );
}
