import { t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

/** An answer that is kept on this device until the network is back: nothing is lost, and nothing is to be done. */
export const KeptHere = ({ retry }: { retry: () => void }) => (
  <div class="note warn" role="status">
    <Icon name="offline" />
    <p>
      <strong>{t('taking.kept')}</strong>
      <small>{t('taking.keptText')}</small>
    </p>
    <Button size="small" icon="restart" onClick={retry}>
      {t('taking.sendNow')}
    </Button>
  </div>
);
