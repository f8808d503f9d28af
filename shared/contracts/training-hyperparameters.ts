import * as z from 'zod';
import { dqnHyperparameters } from '../domain/rl/algorithms/dqn/hyperparameters.ts';
import type {
  HyperparameterForm,
  HyperparameterSchema,
  HyperparameterValues,
} from '../domain/rl/algorithms/hyperparameter.ts';
import { ppoHyperparameters as ppo } from '../domain/rl/algorithms/ppo/hyperparameters.ts';
import { sacHyperparameters } from '../domain/rl/algorithms/sac/hyperparameters.ts';
import { decimal } from './shapes.ts';

/**
 * The hyperparameters as the wire has them, made from what the algorithms declare: bounds and defaults are said
 * there. Rules between them, and which name belongs where, the domain checks when it resolves a configuration.
 */

function numberOf({ minimum, exclusive_minimum, maximum }: HyperparameterForm): z.ZodNumber {
  const low = minimum ?? -1e15;
  const number = exclusive_minimum ? decimal().gt(low) : decimal().gte(low);
  return number.lte(maximum ?? 1e15);
}

function scheduleOf(name: string, form: HyperparameterForm): z.ZodType {
  const number = numberOf(form);
  const { maximum = 1e15 } = form;
  const linear = z.strictObject({
    schedule: z.literal('linear'),
    start: number,
    end: decimal().gte(0).lte(maximum),
    end_fraction: decimal().gt(0).lte(1).optional(),
  });
  return z.union(
    [number, linear],
    `${name} is a number above 0 and at most ${maximum}, or {schedule:"linear", start, end}`,
  );
}

function schemaOf(name: string, form: HyperparameterForm): z.ZodType {
  const { minimum = 1, maximum = 1 } = form;
  switch (form.type) {
    case 'number':
      return numberOf(form);
    case 'integer': {
      const integer = z.int().min(minimum).max(maximum);
      return name === 'batch_size' ? integer.multipleOf(8) : integer;
    }
    case 'boolean':
      return z.boolean();
    case 'choice':
      return z.enum(form.options ?? []);
    case 'schedule':
      return scheduleOf(name, form);
    case 'integers':
      return z.array(z.int().min(minimum).max(maximum)).max(8);
    case 'number_or_auto':
      return z.union([z.literal('auto'), numberOf(form)]);
  }
}

const described = (name: string, form: HyperparameterForm): z.ZodType => {
  const schema = schemaOf(name, form);
  const also = form.alias === undefined ? '' : `; also ${form.alias}`;
  return (form.nullable ? schema.nullable() : schema).meta({
    description: `${form.description}${also}. Default ${JSON.stringify(form.default)}.`,
  });
};

const shapeOf = (schema: HyperparameterSchema, filled: boolean): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(schema).map(([name, { form, default: byDefault }]) => {
      const one = described(name, form);
      return [name, filled ? one.default(byDefault) : one.optional()];
    }),
  );

/** The keys are the schema's own, each checked as its form says: `fromEntries` cannot carry that. */
type Given<S extends HyperparameterSchema> = z.ZodType<
  Partial<HyperparameterValues<S>>,
  Partial<HyperparameterValues<S>>
>;
type Filled<S extends HyperparameterSchema> = z.ZodType<
  HyperparameterValues<S>,
  Partial<HyperparameterValues<S>>
>;

/** As a request has them: only what is given, and names that the domain knows or refuses. */
const given = <S extends HyperparameterSchema>(id: string, schema: S): Given<S> =>
  z.looseObject(shapeOf(schema, false)).meta({ id }) as never;
/** As they are recorded: every one. */
const filled = <S extends HyperparameterSchema>(id: string, schema: S): Filled<S> =>
  z.object(shapeOf(schema, true)).meta({ id }) as never;

export const givenHyperparameters = {
  ppo: given('GivenPpoHyperparameters', ppo),
  dqn: given('GivenDqnHyperparameters', dqnHyperparameters),
  sac: given('GivenSacHyperparameters', sacHyperparameters),
};
export const recordedHyperparameters = {
  ppo: filled('PpoHyperparameters', ppo),
  dqn: filled('DqnHyperparameters', dqnHyperparameters),
  sac: filled('SacHyperparameters', sacHyperparameters),
};
export const ppoHyperparameters = recordedHyperparameters.ppo;
export type PpoHyperparameters = z.output<typeof ppoHyperparameters>;
