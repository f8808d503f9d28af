/** The faults of the adverse mode, as AWS words them. */
import { type AwsCall, AwsError } from './call.ts';

export interface Fault {
  readonly delayMs?: number;
  /** Answered instead of the reply. */
  readonly error?: AwsError | ((call: AwsCall) => AwsError | Promise<AwsError>);
  /** The call takes effect all the same and only its reply is lost. */
  readonly afterEffect?: boolean;
}

export const faults = {
  throughputExceeded: (): Fault => ({
    error: new AwsError(
      'ProvisionedThroughputExceededException',
      'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    ),
  }),
  throttled: (): Fault => ({ error: new AwsError('ThrottlingException', 'Rate exceeded') }),
  slowDown: (): Fault => ({
    error: new AwsError('SlowDown', 'Please reduce your request rate.', { status: 503 }),
  }),
  serverError: (): Fault => ({
    error: new AwsError('InternalServerError', 'Internal server error', { status: 500 }),
  }),
  lostReply: (): Fault => ({ ...faults.serverError(), afterEffect: true }),
  delay: (delayMs: number): Fault => ({ delayMs }),
  /** Another transaction held the first item; for TransactWriteItems and TransactGetItems. */
  transactionConflict: (): Fault => ({
    error: async (call) => {
      const { TransactItems } = await call.json();
      const count = Array.isArray(TransactItems) ? TransactItems.length : 1;
      const codes = Array.from({ length: count }, (_, index) =>
        index === 0 ? 'TransactionConflict' : 'None',
      );
      return new AwsError(
        'TransactionCanceledException',
        `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
        {
          fields: {
            CancellationReasons: codes.map((Code) =>
              Code === 'None' ? { Code } : { Code, Message: 'Transaction is ongoing for the item' },
            ),
          },
        },
      );
    },
  }),
};
