import type * as z from 'zod';
import { type ExamConfig, examConfig } from '#shared/contracts/exam-shapes.ts';
import { type LoadedBank, loadedBank } from '#shared/domain/items/loaded.ts';
import type { PublishedItem } from '#shared/domain/items/types.ts';

/** A choice item at difficulty b; `more` as in a published version. */
export const item = (k: number, b: number, more: Partial<PublishedItem> = {}): PublishedItem => ({
  item_id: `item-${String(k).padStart(3, '0')}`,
  revision: 1,
  kind: 'choice',
  body: `Question ${k}`,
  options: [{ body: 'a' }, { body: 'b' }, { body: 'c' }],
  key: k % 3,
  explanation: null,
  parameters: { model: '2PL', a: 0.8 + (k % 5) / 5, b, c: 0, d: 1, se: null, source: 'entered' },
  status: 'live',
  subject: null,
  grade: null,
  module: k % 2 === 0 ? 'algebra' : 'geometry',
  tags: [`t${k % 3}`],
  // the fields that differ by kind are given together
  ...(more as object),
});

export const bankOf = (items: readonly PublishedItem[], D = 1): LoadedBank =>
  loadedBank({ bank_id: 'bank', version: 3, D, items });

/** Items from b −2.5 to 2.5. */
export const someBank = (count = 40): LoadedBank =>
  bankOf(Array.from({ length: count }, (_, k) => item(k, -2.5 + (5 * k) / (count - 1))));

export const configOf = (config: z.input<typeof examConfig> = {}): ExamConfig => examConfig.parse(config);
