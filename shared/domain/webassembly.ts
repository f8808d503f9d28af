/** What is used of WebAssembly's JavaScript interface, which Node's types leave out. */
interface WebAssemblyApi {
  readonly Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
}

/** A program and the memory that is its own; `exports` have the types that its source gives them. */
export interface Instance {
  readonly buffer: ArrayBuffer;
  readonly exports: unknown;
}

const PAGE = 65_536;

/** 4 GiB, all that 32 bits address. */
export const MOST_BYTES = 65_536 * PAGE;

/**
 * A program with SIMD that imports its memory as `env.memory`, compiled once, when its first instance is made.
 * @param text the program in base64
 * @param name what needs it, as errors shall call it
 * @returns makes an instance with at least so many bytes of memory, all 0. The size is fixed, because growing would
 * detach arrays that were handed out; pages that are not touched take no memory of the machine.
 * @throws Error, when the first instance is made, where WebAssembly or its SIMD is missing
 */
export function programOf(text: string, name: string): (bytes: number) => Instance {
  let compiled: { readonly api: WebAssemblyApi; readonly module: object } | undefined;
  return (bytes) => {
    compiled ??= compile(text, name);
    const { api, module } = compiled;
    const pages = Math.ceil(bytes / PAGE);
    const memory = new api.Memory({ initial: pages, maximum: pages });
    const { exports } = new api.Instance(module, { env: { memory } });
    return { buffer: memory.buffer, exports };
  };
}

function compile(text: string, name: string): { readonly api: WebAssemblyApi; readonly module: object } {
  const { WebAssembly: api } = globalThis as { WebAssembly?: WebAssemblyApi };
  if (api === undefined) throw new Error(`${name} needs WebAssembly, which this machine does not offer.`);
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (!api.validate(bytes))
    throw new Error(`${name} needs WebAssembly with SIMD, which this machine does not offer.`);
  return { api, module: new api.Module(bytes) };
}
