import type { RecordedConfig, TrainingConfig } from '#shared/contracts/training.ts';
import { InvalidTrainingConfig, resolveTrainingConfig } from '#shared/domain/rl/algorithms/config.ts';
import { DomainError } from '#shared/errors.ts';
import type { RunConfig } from '#shared/jobs/start-training.ts';

/**
 * The configuration with every default filled in.
 *
 * @throws 422 naming each field that breaks a rule of the algorithm or of the environment, and the rule
 */
export function resolved(config: TrainingConfig): RunConfig {
  const { env_kwargs, seed, class_id, name } = config;
  const { hyperparameters, ...rest } = resolvedByDomain(config);
  return {
    ...rest,
    // what the algorithm's own schema has parsed has the types of its keys, which the union of them hides
    hyperparameters: hyperparameters as RecordedConfig['hyperparameters'],
    algorithm: config.algorithm,
    env_kwargs,
    ...(seed !== undefined && { seed }),
    ...(class_id !== undefined && { class_id }),
    ...(name !== undefined && { name }),
  };
}

function resolvedByDomain(config: TrainingConfig) {
  try {
    return resolveTrainingConfig(config);
  } catch (error) {
    if (!(error instanceof InvalidTrainingConfig)) throw error;
    const issues = error.issues.map(({ field, rule }) => {
      const path = field.split('.');
      return { loc: ['body', ...path], msg: sentence(path.at(-1) ?? field, rule), type: 'value_error' };
    });
    throw new DomainError('invalid', 'request.invalid', error.message, { issues });
  }
}

/** A rule is read after the name of what it is about, unless it names that itself. */
const sentence = (name: string, rule: string): string =>
  rule.includes(` ${name} `) ? rule : `${name} ${rule}`;
