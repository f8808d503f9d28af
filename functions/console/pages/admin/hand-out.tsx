import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { CopyField } from '../../ui/words.tsx';

export interface HandOutCode {
  readonly name: string;
  readonly signInName: string;
  readonly code: string;
}
interface Props extends HandOutCode {
  readonly onClose: () => void;
  /** Goes on to the next person, where several are made in a row. */
  readonly onAnother?: () => void;
}

/** Shown once, on screen or on paper: what a person needs to set their password and sign in. */
export function HandOut({ name, signInName, code, onClose, onAnother }: Props) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.focus(), []);
  return (
    <div class="stack login-card" ref={card} tabIndex={-1}>
      <p>{t('handOut.text', { name })}</p>
      <div class="field">
        <span class="field-label">{t('handOut.address')}</span>
        <CopyField text={location.origin} label={t('handOut.address')} />
      </div>
      <div class="field">
        <span class="field-label">{t('form.signInName')}</span>
        <CopyField text={signInName} label={t('form.signInName')} />
      </div>
      <div class="field">
        <span class="field-label">{t('signIn.code')}</span>
        <CopyField text={code} label={t('signIn.code')} />
        <p class="hint">{t('handOut.once')}</p>
      </div>
      <div class="dialog-foot">
        <Button onClick={() => print()}>{t('handOut.print')}</Button>
        {onAnother && <Button onClick={onAnother}>{t('handOut.another')}</Button>}
        <Button kind="primary" onClick={onClose}>
          {t('action.done')}
        </Button>
      </div>
    </div>
  );
}
