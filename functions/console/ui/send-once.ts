import { useRef } from 'preact/hooks';
import { newKey } from '../app/api.ts';

/** Sends with a key that stays while the same is sent again, so that a lost reply makes nothing twice. */
export function useSendOnce(): <T>(what: unknown, send: (key: string) => Promise<T>) => Promise<T> {
  const last = useRef({ what: '', key: '' });
  return async (what, send) => {
    const same = JSON.stringify(what);
    if (last.current.what !== same) last.current = { what: same, key: newKey() };
    const reply = await send(last.current.key);
    last.current = { what: '', key: '' };
    return reply;
  };
}
