import { expect, test } from 'vitest';
import { readResults } from '#functions/console/pages/class-results/import/result-rows.ts';

const place = { class_id: 'class-1', zone: 'Asia/Seoul', usual: 'midterm' } as const;
const read = (...lines: string[]) => readResults(lines.join('\r\n'), place);

test('a row becomes a session, its moments by the school’s clocks', () => {
  expect(
    read(
      'username;exam_type;started_at;ended_at;score;theta;standard_error;external_id;remark',
      'mina;;2026-11-20;2026-11-20;540;;;a-1;fine',
      'junho;final;2026-11-20 09:30;2026-11-20T10:15;;-0,4;0.31;;',
    ),
  ).toEqual({
    rows: [
      {
        username: 'mina',
        class_id: 'class-1',
        exam_type: 'midterm',
        started_at: '2026-11-19T15:00:00.000Z',
        ended_at: '2026-11-20T14:59:59.999Z',
        score: 540,
        external_id: 'a-1',
      },
      {
        username: 'junho',
        class_id: 'class-1',
        exam_type: 'final',
        started_at: '2026-11-20T00:30:00.000Z',
        ended_at: '2026-11-20T01:15:00.000Z',
        theta: -0.4,
        standard_error: 0.31,
      },
    ],
    lines: [2, 3],
    ignored_columns: ['remark'],
  });
});

const head = 'username,exam_type,started_at,ended_at,score';
const row = 'mina,midterm,2026-11-20,2026-11-20,540';

test.each([
  [
    'a column that is missing',
    ['username,started_at', 'mina,2026-11-20'],
    { rule: 'column', column: 'ended_at' },
  ],
  ['no rows', [head], { rule: 'rows', found: '0' }],
  ['too many rows', [head, ...Array.from({ length: 501 }, () => row)], { rule: 'rows', found: '501' }],
  ['a quote that is never closed', [head, 'mina,"midterm,2026-11-20'], { rule: 'quote', line: 2 }],
  ['a type that is none', [head, row.replace('midterm', 'viva')], { rule: 'type', line: 2, found: 'viva' }],
  ['a date that is none', [head, row, row.replace('2026-11-20', '20.11.2026')], { rule: 'moment', line: 3 }],
  ['a score that is no number', [head, row.replace('540', 'good')], { rule: 'number', column: 'score' }],
])('%s is told with its place', (_, lines, fault) => {
  expect(read(...lines)).toMatchObject(fault);
});
