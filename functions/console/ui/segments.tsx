import { useId } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly icon?: IconName;
  /** Show the icon alone; the label is still read out. */
  readonly iconOnly?: boolean;
}
interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
}
/** One of a few, all in sight: radio buttons in the form of a switch. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  const name = useId();
  return (
    <div class="segments" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} title={option.iconOnly ? option.label : undefined}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            aria-label={option.label}
            onChange={() => onChange(option.value)}
          />
          <span aria-hidden="true">
            {option.icon && <Icon name={option.icon} size={16} />}
            {!option.iconOnly && option.label}
          </span>
        </label>
      ))}
    </div>
  );
}
