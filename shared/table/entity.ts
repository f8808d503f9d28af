import type * as z from 'zod';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}
/** One text for a primary key. */
export const keyText = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

export const indexNames = ['gsi1', 'gsi2', 'gsi3'] as const;
export type IndexName = (typeof indexNames)[number];

/** Where an item stands in the overloaded indexes; `undefined` leaves it out (a sparse index). */
export type IndexKeys<Item> = Readonly<Partial<Record<IndexName, (item: Item) => Key | undefined>>>;

export interface Entity<Item extends object, Id> {
  readonly type: string;
  readonly key: (id: Id) => Key;
  /** Parses a stored item; throws when it does not fit, so that no unparsed item gets past the table. */
  readonly parse: (stored: unknown) => Item;
  readonly stored: (item: Item) => Record<string, unknown>;
}

export type ItemOf<E extends Pick<Entity<object, never>, 'parse'>> = ReturnType<E['parse']>;

/** Says which put wrote the item. */
export const putMark = 'put_id';

/** Attributes that the table adds to items; an entity's own would be overwritten. */
const reserved = [
  putMark,
  'type',
  'schema_version',
  'pk',
  'sk',
  ...indexNames.flatMap((index) => [`${index}pk`, `${index}sk`]),
];

/** An object, or one of several that a field tells apart. */
type ItemSchema = z.ZodObject | z.ZodDiscriminatedUnion<readonly z.ZodObject[]>;

const fieldsOf = (schema: ItemSchema): ReadonlySet<string> =>
  new Set(('options' in schema ? schema.options : [schema]).flatMap(({ shape }) => Object.keys(shape)));

/**
 * Declares an item type once: schema, primary key, index keys.
 *
 * `key` takes the identifying fields of the item, so an item is its own id. `schema_version` lets a later
 * reader tell old items apart; `upgrade` turns them into today's shape.
 */
export function entity<S extends ItemSchema, Id>(definition: {
  readonly type: string;
  readonly schema: S;
  readonly key: (id: Id) => Key;
  readonly indexes?: IndexKeys<z.output<S>>;
  readonly version?: number;
  readonly upgrade?: (stored: Record<string, unknown>) => Record<string, unknown>;
}): Entity<z.output<S>, Id> & { readonly schema: S } {
  type Item = z.output<S>;
  const { type, schema, indexes = {}, version = 1, upgrade = (stored) => stored } = definition;
  const clash = reserved.find((name) => fieldsOf(schema).has(name));
  if (clash !== undefined) throw new Error(`entity ${type}: ${clash} is an attribute of the table itself`);

  return {
    type,
    schema,
    key: definition.key,
    parse: (raw) => {
      const stored = raw as Record<string, unknown>;
      // the two forms of a schema have one meaning, but not one type of `parse`
      return schema.parse(stored['schema_version'] === version ? stored : upgrade(stored)) as Item;
    },
    stored: (item) => {
      const keys = indexNames.flatMap((index) => {
        const key = indexes[index]?.(item as Item);
        return key ? [[`${index}pk`, key.pk] as const, [`${index}sk`, key.sk] as const] : [];
      });
      return {
        ...(item as Record<string, unknown>),
        // an item carries its identifying fields, so it can stand for its id
        ...definition.key(item as unknown as Id),
        ...Object.fromEntries(keys),
        type,
        schema_version: version,
      };
    },
  };
}

/** How a value is kept as text. */
export interface TextFormat<Value> {
  readonly text: (value: Value) => string;
  readonly parse: (text: string) => Value;
}

export const jsonText = <Value>(schema: z.ZodType<Value>): TextFormat<Value> => ({
  text: (value) => JSON.stringify(value),
  parse: (text) => schema.parse(JSON.parse(text)),
});

/**
 * An entity of which one field is kept as text: values of any depth, key and magnitude, which the table may not hold, or
 * so many that attributes of their own would cost more than the rest of the item.
 */
export function withText<Item extends Record<Field, string>, Id, Field extends string, Value>(
  entity: Entity<Item, Id>,
  field: Field,
  format: TextFormat<Value>,
): Entity<Omit<Item, Field> & { readonly [K in Field]: Value }, Id> {
  type Read = Omit<Item, Field> & { readonly [K in Field]: Value };
  return {
    ...entity,
    parse: (raw) => {
      const stored = entity.parse(raw);
      return { ...stored, [field]: format.parse(stored[field]) } as Read;
    },
    stored: (item) => entity.stored({ ...item, [field]: format.text(item[field]) } as unknown as Item),
  };
}

/** The start key of a page that follows `item`, in the table or in one of its indexes. */
export function startAfter<Item extends object, Id>(
  of: Entity<Item, Id>,
  item: Item,
  index?: IndexName,
): Record<string, unknown> {
  const stored = of.stored(item);
  const names = index ? ['pk', 'sk', `${index}pk`, `${index}sk`] : ['pk', 'sk'];
  return Object.fromEntries(names.map((name) => [name, stored[name]]));
}

/** Sort-key text for names: case and width folded, bounded, so that `Ａnn`, `ann` and `Ann` stand together. */
export const sortable = (name: string): string =>
  // the cut may halve a surrogate pair, which no key can hold
  name.normalize('NFKC').toLowerCase().slice(0, 100).toWellFormed();

/** What a search compares: case (ß and ss, both small sigmas) and width folded, composed. */
export const folded = (value: string): string =>
  value.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
