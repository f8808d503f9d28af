import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from 'aws-lambda';

/** The item in a stream record, as the table's readers get it; `undefined` stays so. */
export const imageOf = (
  image: Record<string, AttributeValue> | undefined,
): Record<string, unknown> | undefined =>
  // the record has the wire form that the SDK's unmarshaller reads; the two declare it apart
  image && unmarshall(image as Parameters<typeof unmarshall>[0]);
