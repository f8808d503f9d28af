import type { VNode } from 'preact';
import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { api } from '../../../app/api.ts';
import { place } from '../../../app/location.ts';
import { useResource } from '../../../data/resource.ts';
import { Failure, Skeleton } from '../../../ui/feedback.tsx';
import { useEnvironments } from '../environments.ts';
import { fromConfig, runDefaults, type TrainingValues, valuesFor } from './training-form.ts';

export interface Offered {
  readonly environments: readonly EnvironmentView[];
  readonly first: EnvironmentView;
}
interface Props {
  readonly children: (start: Offered & { readonly initial: TrainingValues }) => VNode;
}

/** What a form of settings begins with; `?from=<id>` begins with those of a training. */
export function FormStart({ children }: Props) {
  const from = place.value.query.get('from');
  const { data, error, reload } = useEnvironments();
  const [first] = data ?? [];
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  if (!data || !first) return <Skeleton lines={6} height={36} />;
  const offered = { environments: data, first };
  if (from === null) return children({ ...offered, initial: valuesFor(runDefaults, first, 'ppo', 'none') });
  return (
    <Copied id={from} {...offered}>
      {children}
    </Copied>
  );
}

function Copied({ id, environments, first, children }: Offered & Props & { id: string }) {
  const { data, error, reload } = useResource(`training.${id}`, (signal) =>
    api.training.get({ params: { session_id: id }, signal }),
  );
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={6} height={36} />;
  const environment = environments.find((one) => one.id === data.config.environment) ?? first;
  return children({ environments, first, initial: fromConfig(data.config, environment) });
}

/** The one that the form has chosen. */
export const environmentIn = (
  { environment }: TrainingValues,
  { environments, first }: Offered,
): EnvironmentView => environments.find(({ id }) => id === environment) ?? first;
