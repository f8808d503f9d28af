import * as z from 'zod';
import { contract, everybody } from './operation.ts';
import { id, instant, nothing, text } from './shapes.ts';
import { user } from './users.ts';

/** Folding (NFKC) makes eighteen letters of `ﷺ`; what is looked up must stay a key of the table. */
const foldsShort = (value: string): boolean => value.normalize('NFKC').length <= 254;

export const email = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email({ pattern: z.regexes.unicodeEmail }))
  .refine(
    (value) => foldsShort(value) && !/[\p{Cc}\p{Cf}]/u.test(value),
    'must not contain invisible characters or be longer than 254',
  )
  .meta({ description: 'E-mail address; case does not matter', examples: ['mina@school.example'] });

export const username = z
  .string()
  .trim()
  .normalize('NFC')
  .toLowerCase()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{1,49}$/u, '2 to 50 letters, digits, dots, hyphens or underscores')
  .meta({ description: 'Sign-in name for people without an e-mail address' });

/** What a person may choose; `weak_password` (common ones, the own name) is refused by the use-case. */
export const newPassword = z
  .string()
  .min(8, 'a password has at least 8 characters; 12 are better')
  .max(256)
  .meta({ description: 'At least 8 characters' });

const signInName = z.string().trim().min(1).max(254).refine(foldsShort, 'is too long');
const givenPassword = z.string().min(1).max(256).meta({ description: 'The password' });
const displayName = text(200).meta({ description: 'Full name, in any script' });

const refreshToken = z
  .string()
  .max(512)
  .optional()
  .meta({ description: 'Absent when the refresh token travels as the HttpOnly cookie' });

export const tokens = z
  .object({
    access_token: z.string().meta({ description: 'JWT (EdDSA), for `Authorization: Bearer`' }),
    refresh_token: z.string().nullable().meta({ description: 'Null when it was set as a cookie' }),
    token_type: z.literal('bearer'),
    expires_in: z.int().meta({ description: 'Seconds until the access token expires' }),
    user,
  })
  .meta({ id: 'Tokens' });

export const demoRole = z
  .enum(['teacher', 'student', 'guardian'])
  .meta({ description: 'As whom one looks around in a demo school' });

export const authContract = contract({
  register: {
    method: 'POST',
    path: '/api/auth/register',
    summary: 'Create a student account for oneself',
    description:
      'Open where the school allows self-registration; the new user joins the school’s organisation.',
    access: 'public',
    body: z.strictObject({
      email,
      password: newPassword,
      name: displayName,
      locale: z.enum(['en', 'ko']).optional(),
    }),
    status: 201,
    response: z.object({ user }),
    errors: [403, 409, 429],
  },
  login: {
    method: 'POST',
    path: '/api/auth/login',
    summary: 'Sign in',
    description:
      'Give `email` or `username`. With `cookie: true` the refresh token is set as an HttpOnly cookie instead of being in the body.',
    access: 'public',
    body: z
      .strictObject({
        email: signInName.optional(),
        username: signInName.optional(),
        password: givenPassword,
        cookie: z.boolean().default(false),
      })
      .refine((body) => (body.email === undefined) !== (body.username === undefined), {
        message: 'give either email or username',
        path: ['email'],
      }),
    status: 200,
    response: tokens,
    errors: [401, 429],
  },
  refresh: {
    method: 'POST',
    path: '/api/auth/refresh',
    summary: 'Exchange a refresh token for new tokens',
    description: 'The old refresh token ends; using it again later than 20 s after revokes the whole login.',
    access: 'public',
    body: z.strictObject({ refresh_token: refreshToken }).default({}),
    status: 200,
    response: tokens,
    errors: [401],
  },
  logout: {
    method: 'POST',
    path: '/api/auth/logout',
    summary: 'Sign out',
    description:
      'Ends the login that the refresh token belongs to, and with it every access token of that login.',
    access: 'public',
    body: z.strictObject({ refresh_token: refreshToken }).default({}),
    status: 204,
    response: nothing,
  },
  me: {
    method: 'GET',
    path: '/api/auth/me',
    summary: 'Read one’s own account',
    access: everybody,
    status: 200,
    response: user,
  },
  updateMe: {
    method: 'PATCH',
    path: '/api/auth/me',
    summary: 'Change one’s own account',
    access: everybody,
    body: z.strictObject({
      name: displayName.optional(),
      locale: z.enum(['en', 'ko']).optional(),
      email: email.optional(),
      current_password: givenPassword.optional().meta({ description: 'Needed to change the e-mail address' }),
    }),
    status: 200,
    response: user,
    errors: [409, 429],
  },
  changePassword: {
    method: 'POST',
    path: '/api/auth/password',
    summary: 'Change one’s own password',
    description: 'Ends every other login of the account.',
    access: everybody,
    body: z.strictObject({ current_password: givenPassword, new_password: newPassword }),
    status: 204,
    response: nothing,
    errors: [429],
  },
  reset: {
    method: 'POST',
    path: '/api/auth/reset',
    summary: 'Set a new password with a one-time code',
    description: 'The code comes from an administrator or a teacher, is valid once and for 24 hours.',
    access: 'public',
    body: z.strictObject({ code: z.string().trim().min(1).max(64), password: newPassword }),
    status: 204,
    response: nothing,
    errors: [429],
  },
  demo: {
    method: 'GET',
    path: '/api/auth/demo',
    summary: 'Tell as whom one may look around in this school',
    description: 'Nobody, but in a demo school on one’s own machine.',
    access: 'public',
    status: 200,
    response: z.object({ roles: z.array(demoRole) }),
  },
  demoSignIn: {
    method: 'POST',
    path: '/api/auth/demo',
    summary: 'Sign in to a demo school without a password',
    description: 'Only over loopback, on the machine that the school runs on; anywhere else it is not there.',
    access: 'public',
    body: z.strictObject({ role: demoRole, cookie: z.boolean().default(false) }),
    status: 200,
    response: tokens,
    errors: [404],
  },
});

export const resetCode = z.object({
  user_id: id,
  code: z.string().meta({ description: 'Shown once; hand it to the person' }),
  expires_at: instant,
});
