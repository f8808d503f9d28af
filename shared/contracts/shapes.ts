import * as z from 'zod';
import { turnedText, turnsText } from '../domain/turning-marks.ts';

/** Shapes that every contract uses. Wire fields are snake_case with their unit in the name. */

export const id = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, 'an id has 1 to 64 letters, digits and hyphens')
  .meta({ description: 'UUIDv7', examples: ['01938d5a-7c3e-7a10-9f00-1c2d3e4f5a6b'] });

export const instant = z.iso
  .datetime()
  .meta({ description: 'ISO 8601 instant in UTC', examples: ['2026-11-20T09:30:00.000Z'] });

/** Joiners, fillers, the blank of Braille, and marks with nothing to stand on show nothing. */
const visible = /(?![\p{DI}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;

/** Text that people type: trimmed, in NFC (macOS types 서울 decomposed), no control characters, counted in UTF-16 units. */
export const text = (max: number, min = 1) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .min(min)
    .max(max)
    .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters')
    .refine((value) => !turnsText(value), turnedText)
    .refine((value) => value === '' || visible.test(value), 'must contain a visible character');

/** Several lines as written, Markdown too: line breaks count, control characters do not belong. */
export const prose = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(
      (value) => !/\p{Cc}/u.test(value.replaceAll(/[\t\n\r]/g, '')),
      'must not contain control characters',
    );
/** The table's SDK takes a map with the key `constructor` for an instance of a class. */
const storable = (name: string): boolean => name !== 'constructor';

/** `external_ids` keeps integers of older systems, OneRoster sourcedIds and LTI subjects. */
export const externalIds = z
  .record(
    z
      .string()
      .regex(/^[a-z0-9_.-]{1,40}$/)
      .refine(storable, 'is not a name that can be kept'),
    z.union([z.string().min(1).max(128), z.int()]),
  )
  .refine((ids) => Object.keys(ids).length <= 20, 'at most 20 external ids')
  .meta({ description: 'Ids that this object has in other systems, by system' });

/** A number that the table can hold: DynamoDB stops at 1e126 and 1e-130, exact integers at 2⁵³. */
export const decimal = () =>
  z
    .number()
    .refine(
      (value) => value === 0 || (Math.abs(value) >= 1e-100 && Math.abs(value) <= 1e15),
      'must be 0 or of a magnitude from 1e-100 to 1e15',
    );

/** Free-form details of an object: shallow JSON, at most 50 keys. */
export const meta = z
  .record(
    z.string().min(1).max(64).refine(storable, 'is not a name that can be kept'),
    z.union([z.string().max(1000), decimal(), z.boolean(), z.null(), z.array(z.string().max(200)).max(50)]),
  )
  .refine((value) => Object.keys(value).length <= 50, 'at most 50 keys')
  .meta({ description: 'Free-form details' });

const errorItem = z
  .object({
    loc: z
      .array(z.union([z.string(), z.number()]))
      .meta({ description: 'Where: body, query or path, then the field' }),
    msg: z.string().meta({ description: 'What is wrong and what would be right' }),
    type: z.string().meta({ description: 'Machine-readable kind of the issue' }),
  })
  .meta({ id: 'ErrorDetail' });

export const errorResponse = z
  .object({
    detail: z
      .union([z.string(), z.array(errorItem).max(20)])
      .meta({ description: 'What happened and what to do' }),
    error_code: z.string().meta({ description: 'Stable code for programs', examples: ['enrollment.exists'] }),
    timestamp: instant,
    request_id: z.string().meta({ description: 'Quote it when you ask for help' }),
  })
  .meta({ id: 'ErrorResponse', description: 'The body of every error' });
export type ErrorResponse = z.infer<typeof errorResponse>;

/** The list envelope: `cursor` is the way to page, `total` is null where nothing counts. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    total: z.int().nullable().meta({ description: 'How many there are in all, where a counter exists' }),
    page: z.int().meta({ description: 'Counts from 1' }),
    per_page: z.int(),
    has_next: z.boolean(),
    has_prev: z.boolean(),
    next_cursor: z.string().nullable().meta({ description: 'Pass it as `cursor` to get the next page' }),
  });
export interface Page<T> {
  items: T[];
  total: number | null;
  page: number;
  per_page: number;
  has_next: boolean;
  has_prev: boolean;
  next_cursor: string | null;
}

export const paging = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(25)
    .meta({ description: 'Items per page, 1 to 100; fewer come where they are large' }),
  cursor: z.string().max(2048).optional().meta({ description: '`next_cursor` of the page before' }),
};

/** Takes other names of the same fields, of a source or of a library; giving both is refused. */
export const aliased = <T extends z.ZodType>(names: Readonly<Record<string, string>>, schema: T) =>
  z.preprocess((value, context) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const entries = Object.entries(value);
    for (const [alias, name] of Object.entries(names)) {
      if (alias in value && name in value)
        context.addIssue({
          code: 'custom',
          path: [alias],
          message: `${alias} and ${name} are the same; give one`,
        });
    }
    return Object.fromEntries(entries.map(([key, given]) => [names[key] ?? key, given]));
  }, schema);

export const nothing = z.undefined().meta({ description: 'No body' });
