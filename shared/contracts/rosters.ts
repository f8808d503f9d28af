import * as z from 'zod';
import { contract } from './operation.ts';
import { orgFilter, teachers } from './school-shapes.ts';
import { id, instant } from './shapes.ts';

/** Rows of a file. */
export const mostRosterRows = 1000;
/** Characters of a file: three bytes each still fit into a request. */
export const longestRoster = 300_000;

const rosterProblem = z
  .object({
    field: z.enum(['name', 'username', 'email', 'grade', 'class', 'row']),
    rule: z
      .enum([
        'missing',
        'invalid',
        'taken',
        'two_accounts',
        'repeated',
        'unknown_class',
        'several_classes',
        'other_class',
        'too_many_cells',
      ])
      .meta({ description: 'Machine-readable; `detail` says it in words' }),
    detail: z.string(),
  })
  .meta({ id: 'RosterProblem' });
export type RosterProblem = z.infer<typeof rosterProblem>;

const rosterRow = z
  .object({
    line: z.int().meta({ description: 'Where the row begins in the file, from 1' }),
    name: z.string(),
    username: z.string().nullable(),
    email: z.string().nullable(),
    grade: z.string().nullable(),
    class_name: z.string().nullable(),
    class_id: id.nullable().meta({ description: 'Null in a dry run when the class would be created' }),
    student_id: id.nullable(),
    status: z.enum(['created', 'enrolled', 'already_enrolled', 'refused']).meta({
      description:
        '`created`: account made and enrolled; `enrolled`: the account was there; in a dry run what would be',
    }),
    problem: rosterProblem.nullable(),
    reset_code: z.string().nullable().meta({ description: 'One-time code of a new account, shown once' }),
  })
  .meta({ id: 'RosterRow' });

export const rosterReport = z
  .object({
    dry_run: z.boolean(),
    created: z.int(),
    enrolled: z.int(),
    already_enrolled: z.int(),
    refused: z.int(),
    new_classes: z.array(z.string()).meta({ description: 'Names of classes that this creates' }),
    ignored_columns: z.array(z.string()),
    codes_expire_at: instant.nullable(),
    rows: z.array(rosterRow),
  })
  .meta({ id: 'RosterReport' });

export const signInCard = z
  .object({
    student_id: id,
    name: z.string(),
    username: z.string().nullable(),
    email: z.string().nullable(),
    code: z.string().meta({ description: 'Shown once; works once' }),
  })
  .meta({ id: 'SignInCard' });

export const rosterOperations = contract({
  importRoster: {
    method: 'POST',
    path: '/api/core/rosters/import',
    summary: 'Import the roster of a class or of a whole school',
    description:
      'CSV with the columns `name,username,email,grade,class` in any order; comma, semicolon or tab; at most 1,000 rows. Creates accounts that do not exist, enrols all of them, and reports on every row. An account is found by username or e-mail address and is never changed. Sending the same file again changes nothing.',
    access: teachers,
    body: z.strictObject({
      csv: z
        .string()
        .min(1)
        .max(longestRoster, `a roster has at most ${longestRoster} characters; split the file`)
        .meta({ examples: ['name,username,email,grade,class\r\n김민아,mina,,10,10-1\r\n'] }),
      class_id: id
        .optional()
        .meta({ description: 'Every row goes into this class; without it, into the class that it names' }),
      org_id: orgFilter,
      create_classes: z
        .boolean()
        .default(false)
        .meta({ description: 'Create classes that rows name and that do not exist' }),
      teacher_id: id
        .optional()
        .meta({ description: 'Administrators: the teacher of the classes that are created' }),
      locale: z.enum(['en', 'ko']).optional(),
      dry_run: z.boolean().default(false).meta({ description: 'Report what would happen, write nothing' }),
    }),
    status: 200,
    response: rosterReport,
    errors: [400, 404, 409],
  },
  resetClass: {
    method: 'POST',
    path: '/api/core/classes/{class_id}/reset',
    summary: 'Issue one-time codes to the students of a class',
    description: 'Each code lets its student set a new password. Disabled accounts get none.',
    access: teachers,
    params: z.object({ class_id: id }),
    body: z.strictObject({
      whom: z
        .enum(['without_password', 'all'])
        .meta({ description: 'Only students who have not set a password yet, or all' }),
    }),
    status: 201,
    response: z
      .object({
        class_id: id,
        expires_at: instant,
        left_out: z.int().meta({ description: 'Students of the class who got no code' }),
        cards: z.array(signInCard),
      })
      .meta({ id: 'SignInCards' }),
    errors: [404],
  },
});
