import * as z from 'zod';
import { examSession } from './exam-sessions.ts';
import { examStatus, examType } from './exam-shapes.ts';
import { leaderboardMode } from './leaderboard-mode.ts';
import { contract } from './operation.ts';
import { readers, staff } from './school-shapes.ts';
import { id, instant, page, paging } from './shapes.ts';

const count = z.int().min(0);
const mean = z.number().nullable();

const sums = {
  total_exams: count.meta({ description: 'Sessions that were started, however they ended' }),
  completed_exams: count,
  average_score: mean.meta({ description: 'Of the completed ones, on the scale of 200 to 800' }),
  average_theta: mean.meta({ description: 'Of the completed ones' }),
  theta_sd: mean.meta({ description: 'Standard deviation of their θ; null for fewer than two' }),
} as const;

const byType = z.array(z.object({ exam_type: examType, ...sums })).meta({
  description: 'The same for each type of exam of which there is one',
});

export const studentExamStats = z
  .object({ student_id: id, ...sums, latest_exam_date: instant.nullable(), by_type: byType })
  .meta({
    id: 'StudentExamStats',
    description: 'The averages are of those results that their reader may see',
  });

export const classExamStats = z
  .object({
    class_id: id,
    ...sums,
    latest_exam_date: instant.nullable(),
    students: count.meta({ description: 'Students with a completed exam' }),
    by_type: byType,
  })
  .meta({ id: 'ClassExamStats' });

export const examHistoryEntry = z
  .object({
    exam_session_id: id,
    class_id: id,
    class_name: z.string(),
    exam_type: examType,
    plan_id: id.nullable(),
    plan_name: z.string().nullable(),
    status: examStatus,
    source: z.enum(['taken', 'import']),
    started_at: instant,
    ended_at: instant.nullable(),
    duration_sec: z.number().nullable(),
    attempts: count.meta({ description: 'Answers given' }),
    ...examSession.pick({ result: true, score: true, band: true, theta: true, standard_error: true }).shape,
  })
  .meta({ id: 'ExamHistoryEntry' });
export type ExamHistoryEntry = z.output<typeof examHistoryEntry>;

/** Where somebody stands among those with a completed exam; in the lower half nothing is said. */
const rankBand = z.enum(['top_10', 'top_25', 'top_50']).meta({ id: 'RankBand' });
export type RankBand = z.output<typeof rankBand>;

const averages = {
  exam_count: count,
  average_score: mean,
  average_theta: mean,
} as const;

export const leaderboard = z
  .object({
    class_id: id,
    mode: leaderboardMode.nullable().meta({ description: 'null: all places, for staff' }),
    exam_type: examType.nullable(),
    ranked: count.meta({ description: 'Students with a completed exam' }),
    me: z
      .object({ band: rankBand.nullable(), ...averages })
      .nullable()
      .meta({ description: 'Of the student who asks, once they have completed an exam' }),
    entries: z.array(
      z.object({
        rank: z.int().min(1).meta({ description: 'Equal averages share a rank' }),
        student_id: id.nullable(),
        name: z.string().nullable(),
        alias: z
          .enum(['heron', 'otter', 'fox'])
          .nullable()
          .meta({ description: 'Instead of a name; it belongs to the place, not to a person' }),
        is_me: z.boolean(),
        ...averages,
      }),
    ),
  })
  .meta({ id: 'ExamLeaderboard' });
export type Leaderboard = z.output<typeof leaderboard>;

const itemStats = z
  .object({
    item_id: id,
    bank_id: id,
    attempts: count.meta({
      description: 'Scored answers in completed sessions; from 10 on there are statistics',
    }),
    correct_count: z.number().nullable().meta({ description: 'Sum of scores: of a 0/1 item, right answers' }),
    p_correct: mean,
    point_biserial: mean.meta({ description: 'Correlation of score and θ' }),
    average_response_time_ms: mean,
    typical_response_time_ms: mean.meta({
      description: 'e^(mean of ln t), which a coffee break does not move',
    }),
    drift: mean.meta({
      description: 'z = Σ(x − P)/√ΣPQ by the parameters at each answer: beyond ±3 it became easier or harder',
    }),
  })
  .meta({ id: 'ItemStats' });
export type ItemStats = z.output<typeof itemStats>;

const oneStudent = { params: z.object({ student_id: id }) };
const oneClass = { params: z.object({ class_id: id }) };

export const examStatisticsOperations = contract({
  studentExamStats: {
    method: 'GET',
    path: '/api/core/students/{student_id}/exam-stats',
    summary: 'Read a student’s statistics of exams',
    access: readers,
    ...oneStudent,
    status: 200,
    response: studentExamStats,
    errors: [404],
  },
  examHistory: {
    method: 'GET',
    path: '/api/core/students/{student_id}/exam-history',
    summary: 'List a student’s exams, newest first',
    description:
      'Teachers and assistants see those of their classes. Students and guardians see score and θ as far as the plan’s feedback says.',
    access: readers,
    ...oneStudent,
    query: z.strictObject({ exam_type: examType.optional(), status: examStatus.optional(), ...paging }),
    status: 200,
    response: page(examHistoryEntry),
    errors: [404],
  },
  classExamStats: {
    method: 'GET',
    path: '/api/core/classes/{class_id}/exam-stats',
    summary: 'Read a class’s statistics of exams',
    access: staff,
    ...oneClass,
    status: 200,
    response: classExamStats,
    errors: [404],
  },
  examLeaderboard: {
    method: 'GET',
    path: '/api/core/classes/{class_id}/leaderboard',
    summary: 'Rank the students of a class by their average θ',
    description:
      'Of completed exams only. Staff see every place, and with `mode` what students would see. What students see of each other is the class’s `leaderboard`, or less if they ask for it; of fewer than five nobody.',
    access: { student: 'member', ...staff },
    ...oneClass,
    query: z.strictObject({ mode: leaderboardMode.optional(), exam_type: examType.optional() }),
    status: 200,
    response: leaderboard,
    errors: [403, 404],
  },
});

const itemReaders = {
  assistant: 'organization',
  teacher: 'organization',
  org_admin: 'organization',
  platform_admin: 'all',
} as const;

/** Served by the function `testing`, under the paths of items. */
export const itemStatisticsOperations = contract({
  listItemStats: {
    method: 'GET',
    path: '/api/core/items/stats',
    summary: 'List statistics of a bank’s items, the easiest first',
    description: 'Of items with at least 10 scored answers.',
    access: itemReaders,
    query: z.strictObject({
      bank_id: id,
      sort: z.enum(['-p_correct', 'p_correct']).default('-p_correct'),
      ...paging,
    }),
    status: 200,
    response: page(itemStats),
    errors: [404],
  },
  getItemStats: {
    method: 'GET',
    path: '/api/core/items/{item_id}/stats',
    summary: 'Read an item’s statistics',
    access: itemReaders,
    params: z.object({ item_id: id }),
    status: 200,
    response: itemStats,
    errors: [404],
  },
});
