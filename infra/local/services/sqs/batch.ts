/** The …Batch operations: up to ten entries, each of which succeeds or fails alone. */
import { AwsError } from '../aws/call.ts';
import type { Fields } from '../aws/fields.ts';
import { sqsError } from './errors.ts';
import type { Store } from './store.ts';

const mostEntries = 10;

/** `work` must throw before it writes anything: all entries share one transaction. */
export const batch = (store: Store, input: Fields, work: (entry: Fields) => object): object => {
  const entries = input.list('Entries');
  checkEntries(entries);
  const Successful: object[] = [];
  const Failed: object[] = [];
  store.db.transaction(() => {
    for (const entry of entries) {
      const Id = entry.text('Id');
      try {
        Successful.push({ Id, ...work(entry) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
  });
  return { Successful, Failed };
};

const checkEntries = (entries: readonly Fields[]): void => {
  if (entries.length === 0) {
    throw sqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > mostEntries) {
    const message = `Maximum number of entries per request are ${mostEntries}. You have sent ${entries.length}.`;
    throw sqsError('TooManyEntriesInBatchRequest', message);
  }
  const ids = entries.map((entry) => entry.text('Id'));
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id))) {
    const message =
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. 1 to 80.';
    throw sqsError('InvalidBatchEntryId', message);
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw sqsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
};
