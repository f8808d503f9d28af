/** S3's error codes with their HTTP status. */
import { AwsError } from '../aws/call.ts';

const statuses: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  InvalidRange: 416,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotFound: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  SlowDown: 503,
};

export const s3Error = (
  code: string,
  message: string,
  fields: Readonly<Record<string, string>> = {},
): AwsError => new AwsError(code, message, { status: statuses[code] ?? 400, fields });

/** S3's names for the gateway's own errors. */
const ownNames: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  ThrottlingException: 'SlowDown',
  InternalServerError: 'InternalError',
  InternalFailure: 'InternalError',
};

export const translateError = (error: AwsError): AwsError => {
  const code = ownNames[error.code];
  return code === undefined
    ? error
    : new AwsError(code, error.message, { ...error, status: statuses[code] ?? error.status });
};
