/** esbuild takes the style sheet out of the script; the page links it. */
declare module '*.css';
