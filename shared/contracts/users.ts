import * as z from 'zod';
import { role } from './operation.ts';
import { externalIds, id, instant } from './shapes.ts';

/** A person as others see them: never a hash, never a token. */
export const user = z
  .object({
    user_id: id,
    email: z.string().nullable(),
    username: z.string().nullable(),
    name: z.string(),
    role,
    org_id: id,
    locale: z.enum(['en', 'ko']),
    disabled: z
      .boolean()
      .meta({ description: 'A disabled user cannot sign in; open sessions end within 5 s' }),
    must_change_password: z
      .boolean()
      .meta({ description: 'The password was issued once; ask for a new one' }),
    external_ids: externalIds,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof user>;
