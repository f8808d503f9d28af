import { createRequire } from 'node:module';
import type * as IsolatedVm from 'isolated-vm';

type Ivm = typeof IsolatedVm;
export type Isolate = IsolatedVm.Isolate;
export type Context = IsolatedVm.Context;
export type Reference = IsolatedVm.Reference;

/** `addon`: path of the prebuilt isolated-vm for this platform. Loaded by path, so that nothing looks around for it. */
export function loadIsolatedVm(addon: string): Ivm {
  const { ivm } = createRequire(import.meta.url)(addon) as { ivm: Ivm };
  return ivm;
}

/**
 * When V8 has lost an isolate for good the process cannot go on; the supervisor sees it die.
 */
export const onCatastrophicError = (): never => process.abort();
