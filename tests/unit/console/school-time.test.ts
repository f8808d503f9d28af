import { describe, expect, it } from 'vitest';
import { instantOf, showSameTime, typedOf } from '#functions/console/app/zone.ts';

describe('dates by the clocks of a school', () => {
  it('are instants, wherever the teacher sits', () => {
    expect(instantOf('2026-12-01T23:59', 'Asia/Seoul')).toBe('2026-12-01T14:59:00.000Z');
    expect(instantOf('2026-07-01T08:00', 'Europe/Berlin')).toBe('2026-07-01T06:00:00.000Z');
    expect(instantOf('2026-12-01T08:00', 'Europe/Berlin')).toBe('2026-12-01T07:00:00.000Z');
    expect(instantOf('2026-12-01T08:00', 'Asia/Kathmandu')).toBe('2026-12-01T02:15:00.000Z');
  });

  it('come back as they were typed', () => {
    for (const zone of ['Asia/Seoul', 'Europe/Berlin', 'America/New_York', 'UTC', 'Pacific/Auckland'])
      for (const typed of ['2026-01-31T00:00', '2026-03-29T12:00', '2026-06-15T23:59', '2026-10-25T18:30'])
        expect(typedOf(instantOf(typed, zone), zone), `${zone} ${typed}`).toBe(typed);
  });

  it('mean the hour after, where the clocks skip one, and the first, where one comes twice', () => {
    expect(instantOf('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
    expect(instantOf('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  });

  it('are nothing where nothing was typed', () => {
    expect(instantOf('', 'Asia/Seoul')).toBeNull();
    expect(typedOf(null, 'Asia/Seoul')).toBe('');
  });

  it('are told by the school’s clocks, too, where the device’s show another time at that moment', () => {
    const [winter, summer] = ['2026-12-01T14:59:59.999Z', '2026-07-01T14:59:59.999Z'];
    expect(showSameTime(winter, 'Asia/Seoul', 'Asia/Tokyo')).toBe(true);
    expect(showSameTime(winter, 'Asia/Seoul', 'Europe/Berlin')).toBe(false);
    // in summer London's clocks are an hour ahead
    expect(showSameTime(winter, 'UTC', 'Europe/London')).toBe(true);
    expect(showSameTime(summer, 'UTC', 'Europe/London')).toBe(false);
  });
});
