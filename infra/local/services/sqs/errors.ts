/** SQS errors: `AwsError` with the header by which SDKs that knew the query protocol recognise the type. */
import { AwsError } from '../aws/call.ts';

/** Names that differ between the JSON and the older query protocol; SDK v3 shows the older one as `Code`. */
const queryCodes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
  AccessDeniedException: 'AccessDenied',
  ThrottlingException: 'RequestThrottled',
};

export const sqsError = (code: string, message: string): AwsError => new AwsError(code, message);

export const withQueryCode = (error: AwsError): AwsError =>
  new AwsError(error.code, error.message, {
    status: error.status,
    fields: error.fields,
    headers: {
      ...error.headers,
      'x-amzn-query-error': `${queryCodes[error.code] ?? error.code};${error.status < 500 ? 'Sender' : 'Receiver'}`,
    },
  });

export const missingParameter = (name: string): AwsError =>
  sqsError('MissingParameter', `The request must contain the parameter ${name}.`);

export const invalidParameter = (name: string, value: unknown, reason: string): AwsError =>
  sqsError('InvalidParameterValue', `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`);

export const notForThisQueue = (name: string, value: unknown): AwsError =>
  invalidParameter(name, value, 'The request includes a parameter that is not valid for this queue type.');
