import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import type { SigningKey } from '#shared/identity/keys.ts';
import { publishReceiptKey, receiptKey } from '#shared/identity/receipts.ts';
import type { Table } from '#shared/table/table.ts';

/** Reads the receipts' secret once, when the first receipt is asked for, and publishes its public key before it signs. */
export function loadReceiptKey(table: Table, secretArn: string, now: () => Date): () => Promise<SigningKey> {
  let loading: Promise<SigningKey> | undefined;
  const load = async (): Promise<SigningKey> => {
    const secret = await getSecret(secretArn);
    if (typeof secret !== 'string' || secret.length < 32)
      throw new Error('the secret of the receipts is too short');
    const key = receiptKey(secret);
    await publishReceiptKey(table, key, now());
    return key;
  };
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
