import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../../app/api.ts';
import { deviceZone, showSameTime } from '../../app/zone.ts';
import { exactTime, locale, t } from '../../i18n/index.ts';

/** Asked once for all that show a date; undefined until it is known. */
const ofSchool = signal<string | undefined>(undefined);
let isAsked = false;

async function ask(): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  try {
    ofSchool.value = (await api.platform.health({})).time_zone;
  } catch {
    // whoever shows a date next asks again
    isAsked = false;
  }
}

/** The zone in which the school's dates are meant; until it is known, the browser's. */
export function useSchoolZone(): string {
  useEffect(() => void ask(), []);
  return ofSchool.value ?? deviceZone;
}

/** `1 Dec 2026, 23:59`, by the school's clocks. */
export const dateText = (instant: string, zone: string): string =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(
    new Date(instant),
  );

/** A due date by this device's clocks and, where those at school show another time, by theirs. */
export const dueMoment = (at: string, zone: string): string =>
  showSameTime(at, zone, deviceZone)
    ? exactTime(at)
    : t('due.withSchool', { here: exactTime(at), school: dateText(at, zone) });
