import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { Button } from './button.tsx';
import { Failure } from './feedback.tsx';

interface FormParts {
  readonly onSubmit: (event: Event) => void;
  readonly busy: boolean;
  readonly failure: unknown;
}
interface FormCardProps {
  readonly title: string;
  readonly form: FormParts;
  readonly action: string;
  readonly children: ComponentChildren;
}
/** A form in a card of its own, with its action at the end. */
export const FormCard = ({ title, form, action, children }: FormCardProps) => (
  <form class="card" noValidate onSubmit={form.onSubmit}>
    <div class="card-head">
      <h2>{title}</h2>
    </div>
    <div class="card-body stack">
      {children}
      <Failure error={form.failure} />
    </div>
    <div class="card-foot">
      <Button kind="primary" submit busy={form.busy}>
        {action}
      </Button>
    </div>
  </form>
);

interface DialogFormProps {
  readonly form: FormParts;
  readonly action: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}
/** The body of a dialog that asks for something. */
export function DialogForm({ form, action, onClose, children }: DialogFormProps) {
  const box = useRef<HTMLFormElement>(null);
  // also when it takes the place of something else in a dialog that is open already
  useEffect(() => box.current?.querySelector<HTMLElement>('input, select, textarea')?.focus(), []);
  return (
    <form class="stack" noValidate ref={box} onSubmit={form.onSubmit}>
      {children}
      <Failure error={form.failure} />
      <div class="dialog-foot">
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button kind="primary" submit busy={form.busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
