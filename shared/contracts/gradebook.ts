import * as z from 'zod';
import { examHistoryEntry, studentExamStats } from './exam-statistics.ts';
import { contract } from './operation.ts';
import { readers, staff } from './school-shapes.ts';
import { id, instant } from './shapes.ts';

const workKind = z.enum(['assignment', 'quiz', 'exam']);

/** One word for the states of assignments, quizzes and tests. */
export const workStatus = z.enum(['none', 'in_progress', 'waiting', 'done', 'missing']).meta({
  id: 'WorkStatus',
  description:
    '`none`: nothing yet, and still time. `waiting`: handed in, not graded yet. `missing`: nothing, and it was due.',
});

const value = z.number().nullable();

const gradebookColumn = z
  .object({
    kind: workKind,
    id: id.meta({
      description: 'Of the assignment, the quiz or the plan; of exams without a plan, their type',
    }),
    title: z.string(),
    opens_at: instant.nullable(),
    due_at: instant.nullable(),
    scale: z
      .enum(['percent', 'scaled'])
      .meta({ description: 'Assignments and quizzes are percent, tests scores of 200 to 800' }),
    graded: z.int(),
    average: value.meta({ description: 'Of those who have a value' }),
  })
  .meta({ id: 'GradebookColumn' });

const gradebookRow = z
  .object({
    student_id: id,
    name: z.string(),
    cells: z
      .array(z.object({ value, status: workStatus, late: z.boolean() }))
      .meta({ description: 'One for each column, in their order' }),
    average: value.meta({
      description: 'Of the values in percent; what is missing is not counted as 0 but in `missing`',
    }),
    missing: z.int(),
  })
  .meta({ id: 'GradebookRow' });

export const gradebook = z
  .object({
    class_id: id,
    class_name: z.string(),
    time_zone: z.string(),
    made_at: instant,
    columns: z.array(gradebookColumn).meta({ description: 'By due date, those without one last' }),
    rows: z.array(gradebookRow).meta({ description: 'By name' }),
    average: value.meta({ description: 'Of the averages of those who have one' }),
  })
  .meta({ id: 'Gradebook' });
export type Gradebook = z.output<typeof gradebook>;

export const gradebookFile = z
  .object({ file_name: z.string(), media_type: z.literal('text/csv; charset=utf-8'), content: z.string() })
  .meta({
    id: 'GradebookFile',
    description: 'For spreadsheets: begins with a byte order mark; dates are by the school’s clocks',
  });

const assignmentResult = z.object({
  assignment_id: id,
  title: z.string(),
  class_id: id,
  class_name: z.string(),
  due_at: instant.nullable().meta({ description: 'With the extension, if one was given' }),
  status: workStatus,
  grade: value,
  late: z.boolean(),
  attempts: z.int(),
});

const quizResult = z.object({
  quiz_id: id,
  title: z.string(),
  class_id: id,
  class_name: z.string(),
  due_at: instant.nullable(),
  status: workStatus,
  percent: value.meta({ description: 'Null where the quiz does not show it to this reader, or not yet' }),
  late: z.boolean(),
  attempts: z.int(),
});

export const studentResults = z
  .object({
    student_id: id,
    name: z.string(),
    assignments: z.array(assignmentResult).meta({ description: 'The last due first' }),
    quizzes: z.array(quizResult).meta({ description: 'The last due first' }),
    exams: z.array(examHistoryEntry).meta({ description: 'The newest 50' }),
    exam_stats: studentExamStats,
  })
  .meta({ id: 'StudentResults' });
export type StudentResults = z.output<typeof studentResults>;

const ofClass = {
  params: z.object({ class_id: id }),
  query: z.strictObject({
    kind: workKind.optional(),
    from: instant.optional().meta({ description: 'Without what was due before' }),
    to: instant.optional().meta({ description: 'Without what is due after' }),
  }),
};

export const gradebookOperations = contract({
  gradebook: {
    method: 'GET',
    path: '/api/core/classes/{class_id}/gradebook',
    summary: 'Read the gradebook of a class',
    description:
      'Assignments, quizzes and tests as columns, the roster as rows. A test shows the newest completed session of a student.',
    access: staff,
    ...ofClass,
    status: 200,
    response: gradebook,
    errors: [404, 413],
  },
  gradebookFile: {
    method: 'GET',
    path: '/api/core/classes/{class_id}/gradebook.csv',
    summary: 'Export the gradebook of a class as CSV',
    description: 'What a spreadsheet would take for a formula is guarded.',
    access: staff,
    params: ofClass.params,
    query: ofClass.query.extend({
      locale: z.enum(['en', 'ko']).default('en').meta({ description: 'Of the headings' }),
      with_ids: z.enum(['true', 'false']).default('false').meta({
        description: 'Adds the students’ ids, usernames and e-mail addresses',
      }),
    }),
    status: 200,
    response: gradebookFile,
    errors: [404, 413],
  },
  studentResults: {
    method: 'GET',
    path: '/api/core/students/{student_id}/results',
    summary: 'Read everything that a student achieved',
    description:
      'For the student, linked guardians, and the staff of their classes (who see those classes). Students and guardians see quizzes and tests as far as their feedback policies say.',
    access: readers,
    params: z.object({ student_id: id }),
    status: 200,
    response: studentResults,
    errors: [404],
  },
});
