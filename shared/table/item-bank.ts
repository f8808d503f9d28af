import * as z from 'zod';
import { bankVersion, itemBank } from '../contracts/item-banks.ts';
import { entity, sortable } from './entity.ts';

const bankKey = ({ bank_id }: { bank_id: string }): string => `bank#${bank_id}`;
const numbered = (version: number): string => String(version).padStart(5, '0');

/**
 * An item bank.
 *
 * Access patterns:
 * - by id: `bank#<id>` / `bank`
 * - of an organisation by name: gsi1 `org#<org>#banks`
 *
 * `item_count` moves in the transaction that makes or deletes items, `published_version` in the one that publishes.
 */
export const itemBanks = entity({
  type: 'item_bank',
  schema: z.object(itemBank.omit({ created_by_name: true }).shape),
  key: (id: { bank_id: string }) => ({ pk: bankKey(id), sk: 'bank' }),
  indexes: {
    gsi1: (bank) => ({ pk: `org#${bank.org_id}#banks`, sk: `${sortable(bank.name)}#${bank.bank_id}` }),
  },
});
export type ItemBankRecord = z.output<typeof itemBanks.schema>;

/**
 * A published version of a bank; what it holds is an object (see `shared/banks`). Never changed.
 *
 * Access patterns:
 * - by bank and number: `bank#<id>` / `published#<00001>`
 * - the versions of a bank, newest first: `bank#<id>`, prefix `published#`
 */
export const bankVersions = entity({
  type: 'bank_version',
  schema: z.object({
    bank_id: z.string(),
    version_number: z.int(),
    ...bankVersion.omit({ bank_id: true, version: true, published_by_name: true }).shape,
  }),
  key: ({ version_number, ...id }: { bank_id: string; version_number: number }) => ({
    pk: bankKey(id),
    sk: `published#${numbered(version_number)}`,
  }),
});
export type BankVersionRecord = z.output<typeof bankVersions.schema>;
