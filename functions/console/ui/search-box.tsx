import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface SearchBoxProps {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (words: string) => void;
}
const pause_ms = 250;

/** Searches when one stops typing. */
export function SearchBox({ label, value, onSearch }: SearchBoxProps) {
  const words = useSignal(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <search class="search">
      <Icon name="search" size={16} />
      <input
        class="control"
        type="search"
        aria-label={label}
        placeholder={label}
        value={words.value}
        maxLength={100}
        onInput={({ currentTarget }) => {
          words.value = currentTarget.value;
          clearTimeout(timer.current);
          timer.current = setTimeout(() => onSearch(words.value.trim()), pause_ms);
        }}
      />
    </search>
  );
}
