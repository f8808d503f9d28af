import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { json } from '#shared/contracts/grading-shapes.ts';
import { contracts } from '#shared/contracts/index.ts';
import type { Operation } from '#shared/contracts/operation.ts';
import { decimal } from '#shared/contracts/shapes.ts';
import { trainingConfig } from '#shared/contracts/training.ts';
import {
  InvalidTrainingConfig,
  resolveTrainingConfig,
  type TrainingRequest,
} from '#shared/domain/rl/index.ts';

/** Numbers that JSON has and DynamoDB does not: too near 0, too large, or integers that a double rounds. */
const unkept = [5e-324, 8.4e-323, -1e-131, 2 ** 54, -1e17, 1e126, Number.MAX_VALUE];

/** Every place of a schema where a number may stand that the table cannot keep. */
function unguarded(schema: z.core.$ZodType, path: string, seen = new Set<z.core.$ZodType>()): string[] {
  // values of tests are kept as JSON text, whatever they are
  if (schema === json || seen.has(schema)) return [];
  seen.add(schema);
  // the union of all kinds there are, which a type of zod's own does not name as such
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const into = (inner: z.core.$ZodType, name = ''): string[] => unguarded(inner, path + name, seen);
  switch (def.type) {
    case 'object':
      return [
        ...Object.entries(def.shape).flatMap(([name, inner]) => into(inner, `.${name}`)),
        ...(def.catchall ? into(def.catchall, '.*') : []),
      ];
    case 'record':
      return into(def.valueType, '.*');
    case 'array':
      return into(def.element, '[]');
    case 'tuple':
      return [...def.items, ...(def.rest ? [def.rest] : [])].flatMap((item) => into(item, '[]'));
    case 'union':
      return def.options.flatMap((option) => into(option));
    case 'intersection':
      return [...into(def.left), ...into(def.right)];
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
      return into(def.innerType);
    case 'pipe':
      // what comes out is what is kept; a transformation by itself lets everything through
      return into(def.out._zod.def.type === 'transform' ? def.in : def.out);
    case 'lazy':
      return into(def.getter());
    default:
      return unkept.some((value) => z.safeParse(schema, value).success) ? [path] : [];
  }
}

const bodies = Object.entries(contracts).flatMap(([domain, contract]) =>
  Object.entries<Operation>(contract).flatMap(([name, { body }]) =>
    body ? [[`${domain}.${name}`, body] as const] : [],
  ),
);

test('a number without a guard is found wherever it stands', () => {
  const inside = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('a'), n: z.number().min(0).max(100).default(1) }),
    z.strictObject({ kind: z.literal('b'), n: z.array(z.union([z.string(), z.number()])).nullable() }),
    z.strictObject({ kind: z.literal('c'), n: z.record(z.string(), z.unknown()).optional() }),
    z.strictObject({ kind: z.literal('d'), n: z.tuple([z.coerce.number().transform(String)]) }),
    z.strictObject({
      kind: z.literal('e'),
      n: z.int(),
      m: decimal().max(100),
      o: z.number().min(0.1).max(9),
    }),
  ]);
  expect(unguarded(z.object({ inside }), 'body')).toEqual([
    'body.inside.n',
    'body.inside.n[]',
    'body.inside.n.*',
    'body.inside.n[]',
  ]);
});

describe('no body takes a number that the table cannot keep', () => {
  test.each(bodies)('%s', (_, body) => {
    const found = unguarded(body, 'body');
    expect(found.filter((path) => !path.endsWith('hyperparameters.*'))).toEqual([]);
  });

  test('hyperparameters that no algorithm has may be any number on the wire: the domain refuses their names', () => {
    const config = { environment: 'CartPole-v1', max_steps: 1000 } as const;
    for (const algorithm of ['ppo', 'dqn', 'sac'] as const) {
      const given = trainingConfig.parse({ ...config, algorithm, hyperparameters: { surprising: 5e-324 } });
      expect(() => resolveTrainingConfig(given as TrainingRequest)).toThrow(InvalidTrainingConfig);
    }
  });
});
