import { plain } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { Spoken } from '../../ui/spoken.tsx';
import type { SaveState } from './live-attempt.ts';

const icons = { saved: 'check', waiting: 'edit', saving: 'clock', kept: 'offline' } as const;

/** Whether the server has everything: said in passing, and to a screen reader only what lasts. */
export function Saved({ state }: { state: SaveState }) {
  return (
    <span class={`saved ${state}`}>
      <Icon name={icons[state]} size={16} />
      <span aria-hidden="true">{plain(`saved.${state}`)}</span>
      <Spoken text={state === 'saved' || state === 'kept' ? plain(`saved.${state}`) : ''} isEnd={false} />
    </span>
  );
}
