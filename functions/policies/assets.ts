/**
 * Where the page and the program for exported policies lie: beside the bundle, where build.ts put them. Code that
 * runs from source finds what build.ts last made.
 */
export const assets = import.meta.url.endsWith('.ts')
  ? new URL('../../node_modules/.cache/lyceum-policies/current/', import.meta.url)
  : new URL('./', import.meta.url);
