import { ApiError } from '#shared/http/client.ts';

/** How a call was refused: `409 class.in_use`; a call that succeeds fails the test. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  return (await refusedWith(call)).summary;
}

/** The same with what the reply said. */
export async function refusedWith(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { status, error_code, message, body, retry_after_s } = error;
    return { summary: `${status} ${error_code}`, status, error_code, message, body, retry_after_s };
  }
  throw new Error('the call was not refused');
}
