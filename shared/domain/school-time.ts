/**
 * Dates as people of a school mean them, by the clocks of the school's time zone, and as instants.
 *
 * Zones and their rules are those of the ICU data that comes with the JavaScript engine.
 */

const dayMs = 86_400_000;

/** Making a formatter takes 50 µs, using one takes 2. */
const formatters = new Map<string, Intl.DateTimeFormat>();
function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(zone, made);
  return made;
}

/**
 * How far a zone's clocks are ahead of UTC at a moment, in milliseconds.
 *
 * @throws RangeError for a zone that is unknown
 */
export function offsetAt(zone: string, at_ms: number): number {
  const parts = formatterOf(zone).formatToParts(at_ms);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(at_ms / 1000) * 1000;
}

/**
 * The instant at which clocks in `zone` show `local` (`2026-12-01T23:59`), in milliseconds. A time that the clocks skip
 * is as much later as they skip; of one that comes twice the first is meant (`compatible` in ECMAScript's Temporal).
 * Years from 1900 on; NaN for what is no date.
 */
function atLocal(local: string, zone: string): number {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return Number.NaN;
  // whatever the clocks do that day, they do it between these two
  const candidates = [asUtc - dayMs, asUtc + dayMs].map((near) => asUtc - offsetAt(zone, near));
  const exact = candidates.filter((at) => at + offsetAt(zone, at) === asUtc);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}

const isDate = /^\d{4}-\d{2}-\d{2}$/;
const isUtc = /Z$/i;

/**
 * What somebody wrote for a moment, as an ISO 8601 instant in UTC with milliseconds: an instant stays what it is, a
 * local time (`2026-12-01T18:00`) is by the clocks of `zone`, and a date alone is the first or the last moment of that
 * day there.
 *
 * @throws RangeError for what is none of these, and for an unknown zone
 */
export function toInstant(written: string, zone: string, edge: 'start' | 'end'): string {
  if (isUtc.test(written)) return new Date(written).toISOString();
  if (!isDate.test(written)) return new Date(atLocal(written, zone)).toISOString();
  if (edge === 'start') return new Date(atLocal(`${written}T00:00`, zone)).toISOString();
  const next = new Date(Date.parse(`${written}T00:00Z`) + dayMs).toISOString().slice(0, 10);
  return new Date(atLocal(`${next}T00:00`, zone) - 1).toISOString();
}

/** The same for what may be left open. */
export const toInstantOrNull = (
  written: string | null,
  zone: string,
  edge: 'start' | 'end',
): string | null => (written === null ? null : toInstant(written, zone, edge));

/** What clocks in `zone` show at an instant: `2026-12-01T23:59`, for the minute in which it is. */
export function localTime(instant: string, zone: string): string {
  const at = Date.parse(instant);
  return new Date(at + offsetAt(zone, at)).toISOString().slice(0, 16);
}
