// Runs before anything else.

// The content security policy allows no generated code: zod need not even try.
globalThis.__zod_globalConfig = { jitless: true };

// Before the first paint, so that the page never flashes in the other theme.
let chosen = null;
try {
  chosen = localStorage.getItem('lyceum.theme');
} catch {
  // without storage the system's theme applies
}
const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.dataset.theme = dark ? 'dark' : 'light';
