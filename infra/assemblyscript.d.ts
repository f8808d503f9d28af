/** What the kernels' build uses of the compiler; its own types bring AssemblyScript's globals, `console` among them. */
export function main(
  argv: readonly string[],
  api: {
    readonly readFile: (name: string, base: string) => string | null;
    readonly writeFile: (name: string, contents: Uint8Array | string) => void;
  },
): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }>;
declare const compiler: { readonly main: typeof main };
export default compiler;
