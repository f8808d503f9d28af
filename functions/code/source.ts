import { invalid } from '#shared/errors.ts';
import type { CodeWorld } from './world.ts';

/** The school's own limit; the contract knows only the highest that one may set. */
export function refuseLongSource({ settings }: CodeWorld, source: string, field: string): void {
  const most = settings.limits.source_characters;
  if (source.length > most)
    throw invalid(
      ['body', field],
      `a program may have at most ${most} characters, this one has ${source.length}`,
      'too_big',
    );
}
