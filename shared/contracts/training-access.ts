/** Who trains: everybody but guardians, each for themselves. */
export const runners = {
  assistant: 'own',
  teacher: 'own',
  org_admin: 'own',
  platform_admin: 'own',
  student: 'own',
} as const;
/** Who sees a training. */
export const readers = {
  student: 'own',
  guardian: 'linked',
  assistant: 'taught',
  teacher: 'taught',
  org_admin: 'organization',
  platform_admin: 'all',
} as const;
/** Who stops one and lets it go on: assistants their own only. */
export const stewards = {
  student: 'own',
  assistant: 'own',
  teacher: 'taught',
  org_admin: 'organization',
  platform_admin: 'all',
} as const;
