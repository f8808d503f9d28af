import * as z from 'zod';
import { itemBankOperations } from '../contracts/item-banks.ts';
import { writtenItem } from '../contracts/item-shapes.ts';

/** An item bank that a school starts with. */
export const startingBank = z.strictObject({
  slug: z.string().regex(/^[a-z0-9-]+$/),
  bank: itemBankOperations.createItemBank.body,
  items: z.array(writtenItem).min(1),
});
export type StartingBank = z.output<typeof startingBank>;
