import { useSignal } from '@preact/signals';
import type { Page } from '#shared/contracts/shapes.ts';
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
  const failure = useSignal<unknown>(undefined);
  const busy = useSignal('');
  const list = useList(`pick.${name}.${words.value}`, (page, signal) =>
    search(words.value === '' ? undefined : words.value, { limit: 20, ...page }, signal),
  );
  const pick = async (choice: Choice) => {
    failure.value = undefined;
    busy.value = choice.id;
    try {
      await onPick(choice);
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = '';
    }
  };
  return (
    <div class="stack">
      <SearchBox
        label={label}
        value=""
        onSearch={(found) => {
          words.value = found;
        }}
      />
      <Failure error={failure.value ?? list.error} />
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
                <Button size="small" busy={busy.value === choice.id} onClick={() => void pick(choice)}>
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
