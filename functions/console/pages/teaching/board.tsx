import type { Assignment } from '#shared/contracts/assignments.ts';
import { counted, t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { assignmentTitle } from '../assignments-student/assignment-title.ts';
import { dueText } from '../assignments-student/due.ts';
import { isWanted, lookOf, type Need, type Progress, progressText } from './progress-words.ts';

export interface BoardData {
  readonly assignments: readonly Assignment[];
  /** For each assignment, its students. */
  readonly columns: readonly (readonly Progress[])[];
}
interface Line {
  readonly student_id: string;
  readonly name: string;
  readonly cells: readonly (Progress | undefined)[];
}

function linesOf({ columns }: BoardData): Line[] {
  const names = new Map(columns.flat().map(({ student_id, student_name }) => [student_id, student_name]));
  const found = columns.map((column) => new Map(column.map((cell) => [cell.student_id, cell])));
  return [...names].map(([student_id, name]) => ({
    student_id,
    name,
    cells: found.map((column) => column.get(student_id)),
  }));
}

/** A cell leads to the work; the first column stays when the table is moved sideways. */
export function Board({ data, need }: { data: BoardData; need: Need }) {
  const lines = linesOf(data).filter(({ cells }) => cells.some((cell) => cell && isWanted(need, cell)));
  if (lines.length === 0)
    return (
      <div class="card">
        <Empty icon="check" title={t('board.nobody')} text={t(`board.nobody.${need}`)} />
      </div>
    );
  return (
    <ScrollRegion class="card board-box" label={t('board.label')}>
      <table class="board">
        <caption class="visually-hidden">{t('board.label')}</caption>
        <thead>
          <tr>
            <th scope="col">{counted('students', lines.length)}</th>
            {data.assignments.map((assignment, at) => (
              <th key={assignment.assignment_id} scope="col">
                <a href={`/assignments/${assignment.assignment_id}`}>{assignmentTitle(assignment)}</a>
                <small>{dueText(assignment)}</small>
                <Share column={data.columns[at] ?? []} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.student_id}>
              <th scope="row">
                <a href={`/students/${line.student_id}`}>{line.name}</a>
              </th>
              {line.cells.map((cell, at) => (
                <td key={data.assignments[at]?.assignment_id}>
                  {cell && <Cell progress={cell} isFaint={!isWanted(need, cell)} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** How many have it right. */
const Share = ({ column }: { column: readonly Progress[] }) => {
  const done = column.filter((cell) => isWanted('done', cell)).length;
  return <small class="numbers">{t('board.done', { done, all: column.length })}</small>;
};

function Cell({ progress, isFaint }: { progress: Progress; isFaint: boolean }) {
  const { last_submission_id, attempts, late, extension } = progress;
  const words = (
    <>
      <strong>{progressText(progress)}</strong>
      {attempts > 0 && <small class="numbers">{t('board.tries', { n: attempts })}</small>}
      {late && <span class="late-dot" title={t('attempt.late')} />}
      {late && <span class="visually-hidden">{t('attempt.late')}</span>}
      {extension && (
        <span class="extended" title={t('board.extended')}>
          <Icon name="clock" size={14} />
          <span class="visually-hidden">{t('board.extended')}</span>
        </span>
      )}
    </>
  );
  const look = `cell ${lookOf(progress)} ${isFaint ? 'faint' : ''}`;
  if (last_submission_id === null) return <span class={look}>{words}</span>;
  return (
    <a class={look} href={`/submissions/${last_submission_id}`}>
      {words}
    </a>
  );
}
