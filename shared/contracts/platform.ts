import * as z from 'zod';
import { contract } from './operation.ts';

export const platformContract = contract({
  health: {
    method: 'GET',
    path: '/api/health',
    summary: 'Tell whether the school’s platform works',
    access: 'public',
    status: 200,
    response: z
      .object({
        status: z.literal('ok'),
        school: z.string(),
        version: z.string(),
        time_zone: z.string().meta({ description: 'The school’s, in which its dates are meant' }),
        self_registration: z.boolean().meta({ description: 'Whether students may create their own account' }),
        checks: z.record(z.string(), z.literal('ok')),
      })
      .meta({ id: 'Health' }),
    errors: [503],
  },
  openapi: {
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    access: 'public',
    status: 200,
    response: z.record(z.string(), z.unknown()),
  },
  jwks: {
    method: 'GET',
    path: '/.well-known/jwks.json',
    summary: 'Public keys that verify access tokens and grade receipts',
    description:
      'Keys of receipts have `use: "receipt"`, so that no verifier takes them for those of tokens.',
    access: 'public',
    status: 200,
    response: z.object({ keys: z.array(z.record(z.string(), z.string())) }).meta({ id: 'JsonWebKeySet' }),
  },
});
