import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Resource } from '../../data/resource.ts';
import { counted } from '../../i18n/index.ts';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { Segments } from '../../ui/segments.tsx';

interface StudentsByNeedProps<Progress, Need extends string> {
  readonly progress: Resource<readonly Progress[]>;
  readonly label: string;
  /** The first is everybody. */
  readonly needs: readonly [Need, ...Need[]];
  readonly isWanted: (need: Need, progress: Progress) => boolean;
  readonly textOf: (need: Need) => string;
  /** Said where nobody has this need. */
  readonly nobody: (need: Need) => { readonly title: string; readonly text: string };
  readonly children: (found: readonly Progress[]) => ComponentChildren;
}

/** The students of a class by what they need, with how many they are. */
export function StudentsByNeed<Progress, Need extends string>({
  progress: { data, error, reload },
  label,
  needs,
  isWanted,
  textOf,
  nobody,
  children,
}: StudentsByNeedProps<Progress, Need>) {
  const need = useSignal<Need>(needs[0]);
  const those = (of: Need) => data?.filter((one) => isWanted(of, one)) ?? [];
  const found = those(need.value);
  return (
    <>
      <div class="toolbar">
        <Segments
          label={label}
          value={need.value}
          options={needs.map((value) => ({ value, label: `${textOf(value)} ${those(value).length}` }))}
          onChange={(value) => {
            need.value = value;
          }}
        />
        <span class="grow" />
        <span class="small muted numbers" role="status">
          {counted('students', found.length)}
        </span>
      </div>
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={6} height={40} />}
      {data && (
        <div class="card table-wrap">
          {found.length === 0 ? <Empty icon="check" {...nobody(need.value)} /> : children(found)}
        </div>
      )}
    </>
  );
}
