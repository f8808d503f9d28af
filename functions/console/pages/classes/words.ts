import type * as z from 'zod';
import type { rosterEntry, schoolClass, staffMember } from '#shared/contracts/school.ts';

export type SchoolClassView = z.infer<typeof schoolClass>;
export type RosterEntry = z.infer<typeof rosterEntry>;
export type StaffMember = z.infer<typeof staffMember>;
