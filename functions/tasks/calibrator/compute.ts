import { parentPort, Worker, workerData } from 'node:worker_threads';
import { type Findings, findings } from './findings.ts';
import { type CalibrationInput, Uncalibratable } from './input.ts';

/** What the computing thread says. */
type Message =
  | { readonly type: 'stage'; readonly stage: 'judging' }
  | { readonly type: 'found'; readonly findings: Findings }
  | { readonly type: 'refused'; readonly error_code: string; readonly message: string };

/** Runs in the thread, which computes without a pause: the other one keeps the lease. */
export function compute(): void {
  const tell = (message: Message): void => parentPort?.postMessage(message);
  try {
    tell({
      type: 'found',
      findings: findings(workerData as CalibrationInput, (stage) => tell({ type: 'stage', stage })),
    });
  } catch (error) {
    if (!(error instanceof Uncalibratable)) throw error;
    tell({ type: 'refused', error_code: error.error_code, message: error.message });
  }
}

/**
 * Has a thread of `program` compute.
 * @throws Uncalibratable; the signal's reason once it is aborted
 */
export async function computed(
  program: URL,
  input: CalibrationInput,
  { signal, onStage }: { readonly signal: AbortSignal; readonly onStage: (stage: 'judging') => void },
): Promise<Findings> {
  signal.throwIfAborted();
  const worker = new Worker(program, { workerData: input });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop);
  try {
    return await new Promise<Findings>((resolve, reject) => {
      worker.on('message', (message: Message) => {
        if (message.type === 'stage') onStage(message.stage);
        else if (message.type === 'found') resolve(message.findings);
        else reject(new Uncalibratable(message.error_code, message.message));
      });
      worker.on('error', reject);
      worker.on('exit', () => {
        reject(signal.aborted ? signal.reason : new Error('the computing thread ended without a result'));
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
