import { randomUUID } from 'node:crypto';
import * as z from 'zod';

const metadata = z.object({ TaskARN: z.string() });

/** Who a worker is: its task, so that the news of a stopped task names it. */
export async function taskArn(uri: string | undefined): Promise<string> {
  if (uri === undefined) return `process-${randomUUID()}`;
  const response = await fetch(`${uri}/task`);
  return metadata.parse(await response.json()).TaskARN;
}
