import type { platformContract } from '#shared/contracts/platform.ts';
import type { realtimeContract } from '#shared/contracts/realtime.ts';
import type { validationContract } from '#shared/contracts/validation.ts';
import type { Subjects } from '../subject.ts';

export const platformSubjects: Subjects<typeof platformContract> = {
  health: { reach: 'none', request: () => ({}) },
  openapi: { reach: 'none', request: () => ({}) },
  jwks: { reach: 'none', request: () => ({}) },
};

export const realtimeSubjects: Subjects<typeof realtimeContract> = {
  createTicket: { reach: 'none', request: () => ({ body: {} }) },
};

export const validatorSubjects: Subjects<typeof validationContract> = {
  validate: { reach: 'none', request: () => ({ body: { code: 'print(1)', language: 'python' } }) },
};
