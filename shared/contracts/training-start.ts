import * as z from 'zod';
import { contract, everybody } from './operation.ts';
import { runners } from './training-access.ts';
import { trainingConfig } from './training-config.ts';
import { environment } from './training-environments.ts';
import { trainingSession } from './training-shapes.ts';

/** What is done before there is a training, or with many. */
export const startContract = contract({
  start: {
    method: 'POST',
    path: '/api/training/start',
    summary: 'Start a training',
    description: 'Queues it and answers at once; watch `job:<session_id>` on the WebSocket.',
    access: runners,
    body: trainingConfig,
    status: 202,
    response: trainingSession,
    errors: [400, 409, 429],
  },
  environments: {
    method: 'GET',
    path: '/api/training/environments',
    summary: 'List the environments that agents train in',
    description: 'Spaces, threshold, keyword arguments and tuned hyperparameters: all that a form needs.',
    access: everybody,
    status: 200,
    response: z.object({ environments: z.array(environment) }),
  },
});
