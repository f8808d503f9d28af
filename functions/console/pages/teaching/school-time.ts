import { api } from '../../app/api.ts';
import { useResource } from '../../data/resource.ts';
import { locale } from '../../i18n/index.ts';

const ofBrowser = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone in which the school's dates are meant; until it is known, the browser's. */
export function useSchoolZone(): string {
  const { data } = useResource('school.zone', async () => (await api.platform.health({})).time_zone);
  return data ?? ofBrowser;
}

/** `1 Dec 2026, 23:59`, by the school's clocks. */
export const dateText = (instant: string, zone: string): string =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(
    new Date(instant),
  );
