/** Moments of a test's requests, counted from now. */
export const hour = 3_600_000;
export const inHours = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();
