import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import { publishReceiptKey, type ReceiptSecrets, receiptSecrets } from '#shared/identity/receipts.ts';
import type { Table } from '#shared/table/table.ts';

/** Reads the receipts' secret once, when it is first needed, and publishes its public key before it signs. */
export function loadReceiptSecrets(
  table: Table,
  secretArn: string,
  now: () => Date,
): () => Promise<ReceiptSecrets> {
  let loading: Promise<ReceiptSecrets> | undefined;
  const load = async (): Promise<ReceiptSecrets> => {
    const secret = await getSecret(secretArn);
    if (typeof secret !== 'string' || secret.length < 32)
      throw new Error('the secret of the receipts is too short');
    const secrets = receiptSecrets(secret);
    await publishReceiptKey(table, secrets.key, now());
    return secrets;
  };
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
