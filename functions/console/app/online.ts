import { signal } from '@preact/signals';

/** What the browser believes; a request that fails tells for certain. */
export const online = signal(navigator.onLine);
addEventListener('online', () => {
  online.value = true;
});
addEventListener('offline', () => {
  online.value = false;
});
