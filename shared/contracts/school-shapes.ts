import * as z from 'zod';
import { id, text } from './shapes.ts';

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

export const admins = { org_admin: 'organization', platform_admin: 'all' } as const;
export const teachers = { teacher: 'taught', ...admins } as const;
export const staff = { assistant: 'taught', ...teachers } as const;
export const readers = { student: 'own', guardian: 'linked', ...staff } as const;
export const classReaders = { student: 'member', guardian: 'linked', ...staff } as const;
