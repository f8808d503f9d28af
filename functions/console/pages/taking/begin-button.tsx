import { t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';
import { Button } from '../../ui/button.tsx';

interface BeginButtonProps {
  /** It was taken before. */
  readonly isAgain: boolean;
  readonly busy: boolean;
  readonly onBegin: () => void;
}

/** Begins something that is taken. */
export const BeginButton = ({ isAgain, busy, onBegin }: BeginButtonProps) => (
  <Button kind="primary" size="large" icon="play" busy={busy} onClick={onBegin}>
    {isAgain ? t('quiz.startAgain') : t('quiz.start')}
  </Button>
);
