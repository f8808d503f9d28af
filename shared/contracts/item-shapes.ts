import * as z from 'zod';
import { itemProblems } from '../domain/items/rules.ts';
import {
  dichotomousModels,
  itemKinds,
  itemStatuses,
  type PublishedBank,
  polytomousModels,
} from '../domain/items/types.ts';
import { gradeName } from './school-shapes.ts';
import { aliased, decimal, id, prose, text } from './shapes.ts';

/** Shapes that items, item banks, quizzes and adaptive tests share. */

export const itemKind = z.enum(itemKinds).meta({
  id: 'ItemKind',
  description: '`choice`: one right option; `multi`: several; `numeric`: a number; `text`: a short answer',
});
export const itemStatus = z.enum(itemStatuses).meta({
  id: 'ItemStatus',
  description: 'draft → pilot (given unscored, to learn its parameters) → live → retired',
});

/** Markdown with code and formulas (`$…$`). */
export const itemBody = prose(10_000);
export const explanation = prose(10_000).nullable();

/** Plain text stands for an option of that text. */
export const itemOption = z.preprocess(
  (value) => (typeof value === 'string' ? { body: value } : value),
  z.strictObject({ body: prose(2_000) }),
);
const options = z
  .array(itemOption)
  .min(2)
  .max(10)
  .refine((all) => new Set(all.map(({ body }) => body)).size === all.length, 'two options are the same');
const noOptions = z.array(itemOption).max(0).meta({ description: 'Only choices have options' });
const position = z.int().min(0).max(9);

export const numericKey = z
  .strictObject({
    value: decimal(),
    tolerance: decimal().min(0).default(0),
    tolerance_kind: z.enum(['absolute', 'relative']).default('absolute').meta({
      description: 'In units of the value, or as a share of it: 0.01 is one percent',
    }),
  })
  .meta({ id: 'NumericKey' });
export const textKey = z
  .strictObject({
    accepted: z.array(text(500)).min(1).max(20),
    case_sensitive: z.boolean().default(false),
  })
  .meta({ id: 'TextKey', description: 'Blanks at the ends and width never count' });

const words = { body: itemBody, explanation: explanation.default(null) } as const;
const choice = {
  kind: z.literal('choice'),
  ...words,
  options,
  key: position.meta({ description: 'Position of the right option, from 0' }),
} as const;
const multi = {
  kind: z.literal('multi'),
  ...words,
  options,
  key: z
    .array(position)
    .min(1)
    .max(10)
    .overwrite((key) => key.toSorted((a, b) => a - b))
    .meta({ description: 'Positions of the right options' }),
} as const;
const numeric = {
  kind: z.literal('numeric'),
  ...words,
  options: noOptions.default([]),
  key: numericKey,
} as const;
const worded = { kind: z.literal('text'), ...words, options: noOptions.default([]), key: textKey } as const;

const errors = z
  .strictObject({
    a: decimal().min(0).max(1_000).exactOptional(),
    b: decimal().min(0).max(1_000).exactOptional(),
    c: decimal().min(0).max(1_000).exactOptional(),
  })
  .refine((known) => Object.keys(known).length > 0, 'names at least one; null where none is known');
const provenance = {
  se: errors.nullable().default(null).meta({ description: 'Standard errors, where they are known' }),
  source: z.enum(['entered', 'imported', 'calibrated']).default('entered'),
} as const;
const slope = z.number().min(0.01).max(100);
const location = decimal().min(-100).max(100);
const dichotomous = {
  model: z.enum(dichotomousModels),
  a: slope.default(1),
  b: location,
  c: decimal().min(0).max(0.99).default(0),
  d: z.number().min(0.01).max(1).default(1),
  ...provenance,
} as const;
const polytomous = {
  model: z.enum(polytomousModels),
  a: slope.default(1),
  thresholds: z.array(location).min(1).max(10),
  ...provenance,
} as const;

export const parameters = z
  .discriminatedUnion('model', [z.strictObject(dichotomous), z.strictObject(polytomous)])
  .meta({ id: 'ItemParameters', description: 'In logits with D = 1, else in the units of the bank’s D' });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A lower asymptote that nobody names is that of four options (S2’s `guessing DEFAULT 0.25`), where the model has one. */
const guessed = (value: unknown): unknown =>
  isObject(value) && value['model'] === '3PL' && value['c'] === undefined ? { ...value, c: 0.25 } : value;

/** Also by the names `difficulty` (b), `discrimination` (a), `guessing` (c). */
export const givenParameters = aliased(
  { difficulty: 'b', discrimination: 'a', guessing: 'c' },
  z.preprocess(guessed, parameters),
);

/** Where an item belongs. */
export const itemLabels = {
  subject: text(100).nullable(),
  grade: gradeName.nullable(),
  module: text(100).nullable(),
  tags: z
    .array(text(40))
    .max(10)
    .refine((tags) => new Set(tags).size === tags.length, 'each tag once'),
  external_id: text(100).nullable().meta({ description: 'Its id elsewhere; one in a bank' }),
} as const;

const about = {
  parameters: givenParameters.nullable().default(null),
  status: itemStatus.default('draft'),
  subject: itemLabels.subject.default(null),
  grade: itemLabels.grade.default(null),
  module: itemLabels.module.default(null),
  tags: itemLabels.tags.default([]),
  external_id: itemLabels.external_id.default(null),
} as const;

/** The four kinds with `more` beside what they ask. */
export const eachKind = <More extends z.core.$ZodLooseShape>(more: More) =>
  z.discriminatedUnion('kind', [
    z.object({ ...choice, ...more }),
    z.object({ ...multi, ...more }),
    z.object({ ...numeric, ...more }),
    z.object({ ...worded, ...more }),
  ]);
const eachKindStrictly = <More extends z.core.$ZodLooseShape>(more: More) =>
  z.discriminatedUnion('kind', [
    z.strictObject({ ...choice, ...more }),
    z.strictObject({ ...multi, ...more }),
    z.strictObject({ ...numeric, ...more }),
    z.strictObject({ ...worded, ...more }),
  ]);

/** Rules between fields, from the domain. */
const ruled: z.core.CheckFn<Parameters<typeof itemProblems>[0]> = ({ value, issues }) => {
  for (const { path, message } of itemProblems(value))
    issues.push({ code: 'custom', input: value, path: [...path], message });
};

/** What an item asks: its text, its options, its key. */
export const itemContent = eachKindStrictly({}).check(ruled);
export type ItemContentInput = z.output<typeof itemContent>;

/** What an author writes of an item. */
export const writtenItem = eachKindStrictly(about).check(ruled);
export type WrittenItem = z.output<typeof writtenItem>;

/** The fields of an older item table at the top level: `difficulty`, `discrimination`, `guessing` make a 3PL. */
const flatParameters = (value: unknown): unknown => {
  if (!isObject(value) || 'parameters' in value) return value;
  const { difficulty, discrimination, guessing, ...rest } = value;
  if (difficulty === undefined) return value;
  const named = Object.entries({ a: discrimination, b: difficulty, c: guessing });
  const parameters = Object.fromEntries(named.filter(([, one]) => one !== undefined && one !== null));
  return { ...rest, parameters: { model: '3PL', ...parameters } };
};

/** The fields of an item of a file by our names. */
export function plainNames(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { content, ...rest } = fields;
  const named = flatParameters(
    content === undefined || 'body' in fields ? fields : { ...rest, body: content },
  );
  return isObject(named) ? { ...named } : {};
}

/** An item as clients write it: `content` is taken for `body`, flat parameters for `parameters`. */
export const newItem = z.preprocess(
  flatParameters,
  aliased({ content: 'body' }, eachKindStrictly({ ...about, bank_id: id }).check(ruled)),
);

export const answer = z.union([decimal(), z.array(position).max(10), z.string().max(500)]).meta({
  id: 'Answer',
  description:
    'A number for `choice` (0-based position in the stored order) and `numeric`, numbers for `multi`, text for `text`',
});

/** What a student gets to see of an item: neither key nor explanation, parameters, tags or status. */
export const studentItem = z
  .object({
    item_id: id,
    kind: itemKind,
    body: z.string(),
    options: z.array(z.object({ body: z.string() })),
  })
  .meta({ id: 'StudentItem' });

/** An item of a published bank version. */
export const publishedItem = eachKind({
  item_id: id,
  revision: z.int().min(1),
  parameters: parameters.nullable(),
  status: z.enum(['live', 'pilot']),
  subject: itemLabels.subject,
  grade: itemLabels.grade,
  module: itemLabels.module,
  tags: z.array(z.string()),
});

/** Items of one published version. */
const mostPublishedItems = 5_000;

/** The object of a published version; its number is in the table. */
export const publishedItems = z.object({
  bank_id: id,
  D: z.number().positive(),
  items: z.array(publishedItem).max(mostPublishedItems),
});
export const publishedBank: z.ZodType<PublishedBank> = publishedItems.extend({ version: z.int().min(1) });
