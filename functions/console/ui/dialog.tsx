import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { Button, IconButton } from './button.tsx';
import { Failure } from './feedback.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** The browser's own modal dialog: it traps the focus, closes on Escape and gives the focus back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={t('action.close')} onClick={onClose} />
      </div>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly kind?: 'danger' | 'primary';
  /** What not doing it is called. Default: keeping it. */
  readonly keep?: string;
  /** It cannot be done now, and the text says why: there is nothing to confirm. */
  readonly blocked?: boolean;
  readonly onClose: () => void;
  readonly act: () => Promise<void>;
}
/** Asks before something that cannot be taken back; stays open and says why when it is refused. */
export function Confirm({ title, text, action, kind = 'danger', keep, blocked, onClose, act }: ConfirmProps) {
  const busy = useSignal(false);
  const failure = useSignal<unknown>(undefined);
  const run = async () => {
    busy.value = true;
    failure.value = undefined;
    try {
      await act();
      onClose();
    } catch (error) {
      failure.value = error;
      busy.value = false;
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <Failure error={failure.value} />
      <div class="dialog-foot">
        <Button onClick={onClose}>{blocked ? t('action.close') : (keep ?? t('action.keep'))}</Button>
        {!blocked && (
          <Button kind={kind} busy={busy.value} onClick={() => void run()}>
            {action}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
