import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { Icon } from './icon.tsx';

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly problem?: string | undefined;
  readonly optional?: boolean;
  readonly children: (control: {
    id: string;
    class: string;
    'aria-describedby': string | undefined;
    'aria-invalid': 'true' | undefined;
  }) => ComponentChildren;
}

/** A label, its control, what helps to fill it in and what is wrong with it, tied together. */
export function Field({ label, hint, problem, optional, children }: FieldProps) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(
    Boolean,
  );
  return (
    <div class="field">
      <label for={id}>
        {label} {optional && <span class="optional">{t('form.optional')}</span>}
      </label>
      {children({
        id,
        class: 'control',
        'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
        'aria-invalid': problem === undefined ? undefined : 'true',
      })}
      {problem !== undefined && (
        <p class="problem" id={`${id}-problem`}>
          <Icon name="alert" size={16} />
          {problem}
        </p>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
