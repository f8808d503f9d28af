import { signal } from '@preact/signals';

const isVisible = (): boolean => document.visibilityState === 'visible';

/** Whether the page can be seen: one in the background asks for nothing. */
export const visible = signal(isVisible());
document.addEventListener('visibilitychange', () => {
  visible.value = isVisible();
});
