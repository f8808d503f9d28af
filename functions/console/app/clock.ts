import { signal } from '@preact/signals';

/** Now, to the half minute: what relative times are relative to. */
export const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now();
}, 30_000);
