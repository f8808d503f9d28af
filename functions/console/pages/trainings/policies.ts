import { policiesContract } from '#shared/contracts/training-policies.ts';
import { createClient } from '#shared/http/client.ts';
import { renew, token } from '../../app/session.ts';

/** Exported policies and the boards; only the studio needs them, so they come with it. */
export const policies = createClient(policiesContract, { origin: location.origin, token, renew });
