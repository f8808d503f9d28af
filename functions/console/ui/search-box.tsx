import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface SearchBoxProps {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (words: string) => void;
}
const pause_ms = 250;

/** Searches when one stops typing, or at Enter. */
export function SearchBox({ label, value, onSearch }: SearchBoxProps) {
  const words = useSignal(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const searchIn = (ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(words.value.trim()), ms);
  };
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
          searchIn(pause_ms);
        }}
        onKeyDown={({ key }) => {
          if (key === 'Enter') searchIn(0);
        }}
      />
    </search>
  );
}
