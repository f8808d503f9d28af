import type { itemOperations } from '#shared/contracts/items.ts';
import type { Handlers } from '#shared/http/serve.ts';
import type { TestingWorld } from '../world.ts';
import { listItemRevisions, listItems, readableItem } from './read.ts';
import { createItem, deleteItem, updateItem } from './write.ts';

export const itemHandlers = (world: TestingWorld): Handlers<typeof itemOperations> => ({
  createItem: (request) => createItem(world, request.caller, request),
  listItems: ({ caller, query }) => listItems(world, caller, query),
  getItem: ({ caller, params }) => readableItem(world, caller, params.item_id),
  updateItem: ({ caller, params, body }) => updateItem(world, caller, params.item_id, body),
  deleteItem: ({ caller, params }) => deleteItem(world, caller, params.item_id),
  listItemRevisions: ({ caller, params, query }) => listItemRevisions(world, caller, params.item_id, query),
});
