import { useSignal } from '@preact/signals';
import type { Page } from '#shared/contracts/shapes.ts';
import { useAct } from '../data/act.ts';
import { useList } from '../data/list.ts';
import { t } from '../i18n/index.ts';
import { Button } from './button.tsx';
import { Failure, Skeleton } from './feedback.tsx';
import { SearchBox } from './search-box.tsx';
import { Avatar } from './words.tsx';

export interface Choice {
  readonly id: string;
  readonly name: string;
  readonly detail: string;
}
interface PickerProps {
  readonly name: string;
  readonly label: string;
  readonly action: string;
  readonly search: (
    q: string | undefined,
    page: { limit?: number; cursor?: string },
    signal: AbortSignal,
  ) => Promise<Page<Choice>>;
  readonly onPick: (choice: Choice) => Promise<void>;
  readonly isTaken?: (id: string) => boolean;
  readonly taken?: string;
}

/** People found by name, each with a button that takes them. */
export function Picker({ name, label, action, search, onPick, isTaken, taken = '' }: PickerProps) {
  const words = useSignal('');
  const { busy, failure, run } = useAct();
  const list = useList(`pick.${name}.${words.value}`, (page, signal) =>
    search(words.value === '' ? undefined : words.value, { limit: 20, ...page }, signal),
  );
  return (
    <div class="stack">
      <SearchBox
        label={label}
        value=""
        onSearch={(found) => {
          words.value = found;
        }}
      />
      <Failure error={failure ?? list.error} />
      {list.items === undefined && list.loading && <Skeleton lines={3} height={32} />}
      {list.items?.length === 0 && <p class="muted">{t('picker.none')}</p>}
      {list.items !== undefined && list.items.length > 0 && (
        <ul class="options">
          {list.items.map((choice) => (
            <li key={choice.id}>
              <span class="cell-main">
                <Avatar name={choice.name} small />
                <span>
                  {choice.name}
                  <small>{choice.detail}</small>
                </span>
              </span>
              {isTaken?.(choice.id) ? (
                <span class="small muted">{taken}</span>
              ) : (
                <Button
                  size="small"
                  busy={busy === choice.id}
                  onClick={() => void run(choice.id, () => onPick(choice))}
                >
                  {action}
                  <span class="visually-hidden">{choice.name}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
