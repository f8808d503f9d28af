import * as z from 'zod';
import { id, instant, text } from './shapes.ts';

/** What the operations of the school share. */
export const nameSort = z
  .enum(['name', '-name'])
  .default('name')
  .meta({ description: 'Order by name, or backwards' });
export const search = text(100)
  .optional()
  .meta({ description: 'Part of a name, e-mail address or username' });
export const orgFilter = id.optional().meta({ description: 'The caller’s own organisation when absent' });

export const gradeName = text(20).meta({
  description: 'School year as the school writes it',
  examples: ['10', '고1'],
});

export const timeFactor = z
  .number()
  .min(1)
  .max(5)
  .meta({
    description: 'Extra time: limits of quizzes and tests that begin from now on are this many times as long',
    examples: [1.25],
  });

/** Far enough for any class, and all of one length, so that texts of instants compare. */
const hasUsualYear = (written: string): boolean => /^(19|2\d)\d\d-/.test(written);
const usualYear = 'the year must be from 1900 to 2999';
export const schoolTime = z
  .union(
    [
      instant,
      z.iso.datetime({ local: true }).refine(hasUsualYear, usualYear),
      z.iso.date().refine(hasUsualYear, usualYear),
    ],
    { error: 'must be a date, a date and time, or an instant in UTC' },
  )
  .meta({
    description:
      'An instant in UTC; or, by the clocks of the school, a date and time, or a date alone: from the beginning of that day, or until its end',
    examples: ['2026-12-01', '2026-12-01T18:00', '2026-12-01T09:00:00.000Z'],
  });

export const admins = { org_admin: 'organization', platform_admin: 'all' } as const;
export const teachers = { teacher: 'taught', ...admins } as const;
export const staff = { assistant: 'taught', ...teachers } as const;
export const readers = { student: 'own', guardian: 'linked', ...staff } as const;
export const classReaders = { student: 'member', guardian: 'linked', ...staff } as const;
