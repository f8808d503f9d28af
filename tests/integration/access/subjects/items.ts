import type { itemStatisticsOperations } from '#shared/contracts/exam-statistics.ts';
import type { itemBankOperations } from '#shared/contracts/item-banks.ts';
import type { itemOperations } from '#shared/contracts/items.ts';
import { aBank, anItem } from '#tests/support/testing.ts';
import type { Asked, Subjects } from '../subject.ts';

/** A bank of the circle's teacher. */
async function bankOf({ cast, whose }: Asked, publish = false) {
  const { org_id, teacher } = cast.circles[whose];
  const item = anItem(publish ? {} : { status: 'draft' });
  const bank = await aBank(cast.school, {
    org_id,
    by: teacher.user_id,
    name: cast.unique(),
    items: [item],
    publish,
  });
  return { ...bank, item_id: bank.items[0]?.item_id ?? '' };
}

const bank = (publish?: boolean) => async (asked: Asked) => ({
  params: { bank_id: (await bankOf(asked, publish)).bank_id },
});
const item = async (asked: Asked) => ({ params: { item_id: (await bankOf(asked)).item_id } });

/** Who may read a bank and not change it is told so. */
const refused = [403, 404] as const;

const question = { kind: 'choice', body: 'x', options: ['a', 'b'], key: 0 } as const;

export const itemBankSubjects: Subjects<typeof itemBankOperations> = {
  createItemBank: { reach: 'none', request: () => ({ body: { name: 'Bank' } }) },
  listItemBanks: {
    reach: 'list',
    request: async (asked) => {
      const { bank_id } = await bankOf(asked);
      const { name, org_id } = await asked.cast.circles[asked.whose].teacher.testing.getItemBank({
        params: { bank_id },
      });
      return { query: { q: name, org_id } };
    },
    lists: ({ items }) => items.length > 0,
  },
  getItemBank: { reach: 'object', request: bank() },
  updateItemBank: {
    reach: 'object',
    refused,
    request: async (asked) => ({ ...(await bank()(asked)), body: { subject: 'Math' } }),
  },
  deleteItemBank: { reach: 'object', refused, request: bank() },
  publishItemBank: {
    reach: 'object',
    refused,
    request: async (asked) => ({ ...(await bank(true)(asked)), body: {} }),
  },
  listBankVersions: { reach: 'object', request: bank(true) },
  importItems: {
    reach: 'object',
    refused,
    request: async (asked) => ({
      ...(await bank()(asked)),
      body: { format: 'json', content: JSON.stringify([question]) },
    }),
  },
  exportItems: { reach: 'object', request: bank() },
};

export const itemSubjects: Subjects<typeof itemOperations> = {
  createItem: {
    reach: 'object',
    refused: [400, 403],
    request: async (asked) => ({ body: { ...question, bank_id: (await bankOf(asked)).bank_id } }),
  },
  listItems: {
    reach: 'object',
    request: async (asked) => ({ query: { bank_id: (await bankOf(asked)).bank_id } }),
  },
  getItem: { reach: 'object', request: item },
  updateItem: {
    reach: 'object',
    refused,
    request: async (asked) => ({ ...(await item(asked)), body: { body: 'y' } }),
  },
  deleteItem: { reach: 'object', refused, request: item },
  listItemRevisions: { reach: 'object', request: item },
};

export const itemStatisticsSubjects: Subjects<typeof itemStatisticsOperations> = {
  listItemStats: {
    reach: 'object',
    request: async (asked) => ({ query: { bank_id: (await bankOf(asked)).bank_id } }),
  },
  getItemStats: { reach: 'object', request: item },
};
