import { signal } from '@preact/signals';
import { assignmentOperations } from '#shared/contracts/assignments.ts';
import { authContract } from '#shared/contracts/auth.ts';
import { codeContract } from '#shared/contracts/code.ts';
import { exerciseOperations } from '#shared/contracts/exercises.ts';
import { platformContract } from '#shared/contracts/platform.ts';
import { realtimeContract } from '#shared/contracts/realtime.ts';
import { regradeOperations } from '#shared/contracts/regrades.ts';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { submissionOperations } from '#shared/contracts/submissions.ts';
import { trainingContract } from '#shared/contracts/training.ts';
import { validationContract } from '#shared/contracts/validation.ts';
import { createClient } from '#shared/http/client.ts';
import type { ConnectionState } from '#shared/realtime/client.ts';
import { RealtimeClient } from '#shared/realtime/client.ts';
import { renew, token } from './session.ts';

/** What every client is made with; those of pages that are loaded later come with them. */
export const options = { origin: location.origin, token, renew };
export const api = {
  auth: createClient(authContract, options),
  school: createClient(schoolOperations, options),
  training: createClient(trainingContract, options),
  code: createClient({ ...codeContract, ...validationContract }, options),
  exercises: createClient(exerciseOperations, options),
  assignments: createClient(assignmentOperations, options),
  submissions: createClient(submissionOperations, options),
  regrades: createClient(regradeOperations, options),
  platform: createClient(platformContract, options),
};

/** `randomUUID` exists on secure origins only, and a phone may reach a laptop by plain HTTP. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const tickets = createClient(realtimeContract, options);
export const connection = signal<ConnectionState>('idle');
export const realtime = new RealtimeClient({
  ticket: () => tickets.createTicket({ body: {} }),
  WebSocket,
  onState: (state) => {
    connection.value = state;
  },
});
addEventListener('online', () => realtime.wake());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') realtime.wake();
});
