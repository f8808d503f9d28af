/** Its package has types that its `exports` does not lead to. */
declare module 'temml' {
  interface Options {
    readonly displayMode?: boolean;
    /** Keeps the source beside the formula, for those who copy it. */
    readonly annotate?: boolean;
    readonly throwOnError?: boolean;
    /** Largest width and height that a formula may ask for, in em. */
    readonly maxSize?: readonly [number, number];
    readonly maxExpand?: number;
  }
  const temml: { render(tex: string, into: HTMLElement, options?: Options): void };
  export default temml;
}
