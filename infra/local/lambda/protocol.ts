/** What the pool tells a worker thread when it starts. */
export interface WorkerSetting {
  readonly file: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly logStreamName: string;
  readonly memoryMb: number;
  /** Folder of compiled code that outlives the process. */
  readonly compileCache: string | undefined;
}

/** One invocation, on its way to a worker. The event travels as JSON, as it does to AWS. */
export interface Invocation {
  readonly requestId: string;
  readonly event: string;
  /** Milliseconds since the epoch at which the function's timeout strikes. */
  readonly deadline: number;
}

/** How AWS describes a failed invocation. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** A worker's answer: first about its init phase, then one per invocation. The result is JSON. */
export type Reply =
  | { readonly ok: true; readonly result: string }
  | { readonly ok: false; readonly error: FunctionError };

/** An invocation that ended in an error of the function: thrown, timed out, out of memory, or never loaded. */
export class InvocationError extends Error {
  override readonly name = 'InvocationError';
  readonly detail: FunctionError;
  constructor(detail: FunctionError) {
    super(`${detail.errorType}: ${detail.errorMessage}`);
    this.detail = detail;
  }
}
