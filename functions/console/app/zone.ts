/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offsetAt(zone: string, at_ms: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at_ms);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(at_ms / 1000) * 1000;
}

/**
 * `2026-12-01T23:59`, as clocks in `zone` show it, as an instant; null for nothing. An hour that the clocks skip
 * counts as the one after it; of an hour that comes twice the first is meant.
 */
export function instantOf(typed: string, zone: string): string | null {
  const asUtc = Date.parse(`${typed}Z`);
  if (Number.isNaN(asUtc)) return null;
  const day = 86_400_000;
  const candidates = [offsetAt(zone, asUtc - day), offsetAt(zone, asUtc + day)].map(
    (offset) => asUtc - offset,
  );
  const exact = candidates.filter((at) => at + offsetAt(zone, at) === asUtc);
  return new Date(exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)).toISOString();
}

/** What the field of a date shows for an instant. */
export function typedOf(instant: string | null, zone: string): string {
  if (instant === null) return '';
  const at = Date.parse(instant);
  return new Date(at + offsetAt(zone, at)).toISOString().slice(0, 16);
}
