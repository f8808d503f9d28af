import { publishBank } from '#shared/banks/publish.ts';
import type { itemBankOperations } from '#shared/contracts/item-banks.ts';
import type { Handlers } from '#shared/http/serve.ts';
import { ownBank, readableBank } from '../bank-access.ts';
import type { BanksWorld } from '../world.ts';
import { exportItems } from './export.ts';
import { importItems } from './import.ts';
import { listBankVersions, listItemBanks, viewBank, viewVersion } from './read.ts';
import { createItemBank, deleteItemBank, updateItemBank } from './write.ts';

export const itemBankHandlers = (world: BanksWorld): Handlers<typeof itemBankOperations> => ({
  createItemBank: (request) => createItemBank(world, request.caller, request),
  listItemBanks: ({ caller, query }) => listItemBanks(world, caller, query),
  getItemBank: async ({ caller, params }) =>
    viewBank(world, await readableBank(world, caller, params.bank_id)),
  updateItemBank: ({ caller, params, body }) => updateItemBank(world, caller, params.bank_id, body),
  deleteItemBank: ({ caller, params }) => deleteItemBank(world, caller, params.bank_id),
  publishItemBank: async ({ caller, params, body }) => {
    const { bank_id } = await ownBank(world, caller, params.bank_id);
    const publication = { by: caller.user_id, note: body.note, source: 'publish' } as const;
    return viewVersion(world, await publishBank(world, bank_id, publication));
  },
  listBankVersions: ({ caller, params, query }) => listBankVersions(world, caller, params.bank_id, query),
  importItems: ({ caller, params, body }) => importItems(world, caller, params.bank_id, body),
  exportItems: ({ caller, params, query }) => exportItems(world, caller, params.bank_id, query),
});
