import { describe, expect, it } from 'vitest';
import {
  bodyOfItem,
  draftOfItem,
  fieldOfItem,
  newItemDraft,
} from '#functions/console/pages/item-banks/item-draft.ts';
import { writtenItem } from '#shared/contracts/item-shapes.ts';

const id = '018f0000-0000-7000-8000-000000000001';
const stored = {
  item_id: id,
  bank_id: id,
  org_id: id,
  revision: 3,
  created_by: id,
  created_at: '2026-11-01T00:00:00.000Z',
  updated_at: '2026-11-01T00:00:00.000Z',
  version: 4,
};
const about = {
  body: 'What is $1 + 1$?',
  explanation: 'Count.',
  status: 'live',
  subject: null,
  grade: '10',
  module: 'Numbers',
  tags: ['sum', 'easy'],
  external_id: 'x-1',
} as const;
const curve = { model: '3PL', a: 1.2, b: -0.35, c: 0.2, d: 1, se: null, source: 'entered' } as const;

const items = [
  { kind: 'choice', options: [{ body: '2' }, { body: '3' }], key: 1, parameters: curve },
  {
    kind: 'multi',
    options: [{ body: '2' }, { body: '3' }, { body: '4' }],
    key: [0, 2],
    parameters: { model: 'GRM', a: 1, thresholds: [-1, 0.5], se: null, source: 'entered' },
  },
  {
    kind: 'numeric',
    options: [],
    key: { value: 0.1, tolerance: 0.07, tolerance_kind: 'relative' },
    parameters: null,
  },
  { kind: 'text', options: [], key: { accepted: ['def', '정의'], case_sensitive: true }, parameters: null },
] as const;

describe('the form of an item', () => {
  for (const item of items)
    it(`gives back an item of the kind ${item.kind} as it was read`, () => {
      const written = writtenItem.parse({ ...about, ...item });
      const draft = draftOfItem({ ...stored, ...written, bank_id: id });
      expect(writtenItem.parse(bodyOfItem(draft))).toEqual(written);
    });

  it('keeps what was typed for another kind', () => {
    const draft = { ...newItemDraft(), kind: 'numeric' as const, body: 'x', value: '3.5' };
    expect(bodyOfItem(draft).key).toMatchObject({ value: 3.5 });
    expect(bodyOfItem({ ...draft, kind: 'choice' }).key).toBe(0);
  });

  it('names the field of each problem', () => {
    const draft = { ...newItemDraft(), body: 'x', model: '2PL', b: 'hard', options: [] };
    const fields = (writtenItem.safeParse(bodyOfItem(draft)).error?.issues ?? []).map(({ path }) =>
      fieldOfItem(path, draft),
    );
    expect(fields).toEqual(expect.arrayContaining(['options', 'right', 'b']));
  });
});
