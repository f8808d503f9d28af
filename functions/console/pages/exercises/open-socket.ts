import { useEffect } from 'preact/hooks';
import { realtime } from '../../app/api.ts';
import { user } from '../../app/session.ts';

/**
 * Keeps the socket open while the page is shown: it would hang up after each run, and the next one would wait for a
 * ticket and a handshake before its first event.
 */
export function useOpenSocket(): void {
  const user_id = user.value?.user_id;
  useEffect(
    () => (user_id === undefined ? undefined : realtime.subscribe(`user:${user_id}`, { onEvent: () => {} })),
    [user_id],
  );
}
