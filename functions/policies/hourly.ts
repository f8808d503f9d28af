import type { Caller } from '#shared/contracts/operation.ts';
import { tooMany } from '#shared/errors.ts';
import { hourlyCounts } from '#shared/table/leaderboard.ts';
import type { Write } from '#shared/table/table.ts';
import { hourly, type PoliciesWorld } from './world.ts';

const keptForS = 86_400;

/** Counts an act within its hour; the write, and what is written with it, fails beyond the limit. */
export function countWithinHour(
  { table, now }: PoliciesWorld,
  { user_id }: Caller,
  act: keyof typeof hourly,
): Write {
  const at = now();
  const hour = at.toISOString().slice(0, 13);
  const left_s = 3600 - (Math.floor(at.getTime() / 1000) % 3600);
  const noun = act === 'upload' ? 'uploads' : 'entries';
  return table.update(
    hourlyCounts,
    { user_id, act, hour },
    {
      expression:
        'SET #used = if_not_exists(#used, :none) + :one, #expires_at = :expires_at, #type = :type, #schema_version = :one, #user_id = :user_id, #act = :act, #hour = :hour',
      when: 'attribute_not_exists(#used) OR #used < :limit',
      values: {
        ':none': 0,
        ':one': 1,
        ':limit': hourly[act],
        ':expires_at': Math.floor(at.getTime() / 1000) + keptForS,
        ':type': hourlyCounts.type,
        ':user_id': user_id,
        ':act': act,
        ':hour': hour,
      },
      orElse: () =>
        tooMany(
          `policy.${act}_limit`,
          `${hourly[act]} ${noun} an hour are the limit. Try again later.`,
          left_s,
        ),
    },
  );
}
