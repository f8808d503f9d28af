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

/** What V8 made of our own scripts: the second isolate need not parse them again (a third of a JavaScript test's time). */
const codeCache = new Map<string, IsolatedVm.ExternalCopy<ArrayBuffer>>();

/** Compiles a script of ours; `name` must always stand for the same source. */
export async function compileOnce(
  isolate: Isolate,
  name: string,
  source: string,
): Promise<IsolatedVm.Script> {
  const cachedData = codeCache.get(name);
  if (cachedData !== undefined) return isolate.compileScript(source, { filename: name, cachedData });
  const script = await isolate.compileScript(source, { filename: name, produceCachedData: true });
  const produced: unknown = Reflect.get(script, 'cachedData');
  if (produced !== undefined) codeCache.set(name, produced as IsolatedVm.ExternalCopy<ArrayBuffer>);
  return script;
}
