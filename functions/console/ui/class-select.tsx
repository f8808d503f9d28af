import { Select } from './select.tsx';

type SelectProps = Omit<Parameters<typeof Select>[0], 'children'>;
interface ClassSelectProps extends SelectProps {
  readonly classes: readonly { readonly class_id: string; readonly name: string }[];
  /** What stands for no class. */
  readonly none: string;
}

/** One of the classes, or none. */
export const ClassSelect = ({ classes, none, ...select }: ClassSelectProps) => (
  <Select {...select}>
    <option value="">{none}</option>
    {classes.map(({ class_id, name }) => (
      <option key={class_id} value={class_id}>
        {name}
      </option>
    ))}
  </Select>
);
