import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { CopyField } from '../../ui/words.tsx';

export interface HandOutCode {
  readonly name: string;
  readonly signInName: string;
  readonly code: string;
}

/** Shown once: what a person needs to set their password and sign in. */
export const HandOut = ({ name, signInName, code, onClose }: HandOutCode & { onClose: () => void }) => (
  <div class="stack">
    <p>{t('handOut.text', { name })}</p>
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
      <Button kind="primary" onClick={onClose}>
        {t('action.done')}
      </Button>
    </div>
  </div>
);
