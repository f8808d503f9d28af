import type { examStatisticsOperations } from '#shared/contracts/exam-statistics.ts';
import type { gradebookOperations } from '#shared/contracts/gradebook.ts';
import type { Asked, Subjects } from '../subject.ts';

const ofStudent = ({ cast, whose }: Asked) => ({
  params: { student_id: cast.circles[whose].student.user_id },
});
const ofClass = ({ cast, whose }: Asked) => ({ params: { class_id: cast.circles[whose].class_id } });

export const resultSubjects: Subjects<typeof examStatisticsOperations & typeof gradebookOperations> = {
  studentExamStats: { reach: 'object', request: ofStudent },
  examHistory: { reach: 'object', request: ofStudent },
  classExamStats: { reach: 'object', request: ofClass },
  examLeaderboard: { reach: 'object', request: ofClass },
  gradebook: { reach: 'object', request: ofClass },
  gradebookFile: {
    reach: 'object',
    request: (asked) => ({ ...ofClass(asked), query: { with_ids: 'true' } }),
  },
  studentResults: { reach: 'object', request: ofStudent },
};
