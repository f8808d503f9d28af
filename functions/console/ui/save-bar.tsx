import { counted, t } from '../i18n/index.ts';
import { Button } from './button.tsx';
import type { Draft } from './draft.ts';
import { Failure } from './feedback.tsx';
import { Icon } from './icon.tsx';

export interface SaveBarProps {
  readonly form: Pick<Draft<object>, 'problems' | 'failure' | 'busy' | 'isChanged'>;
  readonly action: string;
  readonly isNew: boolean;
  /** What becomes of what is not saved, if more is to be said than that. */
  readonly unsaved?: string;
}

/** Always in sight, with what stands in the way of saving. */
export const SaveBar = ({ form, action, isNew, unsaved }: SaveBarProps) => (
  <div class="save-bar card">
    <div class="grow" role="status">
      {form.problems > 0 ? (
        <p class="problem">
          <Icon name="alert" size={16} />
          {counted('write.problems', form.problems)}
        </p>
      ) : (
        <p class="small muted">{form.isChanged ? (unsaved ?? t('form.unsaved')) : t('write.unchanged')}</p>
      )}
      <Failure error={form.failure} />
    </div>
    <Button kind="primary" submit busy={form.busy} disabled={!form.isChanged && !isNew}>
      {action}
    </Button>
  </div>
);
