import { effect, untracked } from '@preact/signals';
import { forgetSeen } from '../data/resource.ts';
import { realtime } from './api.ts';
import { navigate } from './location.ts';
import { session } from './session.ts';
import { toasts } from './toasts.ts';

/** Nothing of the person who left stays for the next one: no data, no socket, no message, and not their page. */
export function forgetWhoLeaves(): void {
  effect(() => {
    const current = session.value;
    if (current.status !== 'out') return;
    realtime.close();
    forgetSeen();
    toasts.value = [];
    if (current.why === 'signed_out') untracked(() => navigate('/', { replace: true }));
  });
}
