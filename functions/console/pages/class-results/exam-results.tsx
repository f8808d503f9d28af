import { useSignal } from '@preact/signals';
import type * as z from 'zod';
import type { classExamStats, Leaderboard } from '#shared/contracts/exam-statistics.ts';
import { type LeaderboardMode, leaderboardMode } from '#shared/contracts/leaderboard-mode.ts';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { testing } from '../../app/testing-api.ts';
import { useAct } from '../../data/act.ts';
import { useResource } from '../../data/resource.ts';
import { number, t } from '../../i18n/index.ts';
import { Figures } from '../../ui/facts.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { Select } from '../../ui/select.tsx';
import { Table } from '../../ui/table.tsx';
import { Whisker } from '../pictures/whisker.tsx';
import { examTitle } from './words.ts';

type Stats = z.output<typeof classExamStats>;
type Sums = Pick<Stats, 'total_exams' | 'completed_exams' | 'average_score' | 'average_theta' | 'theta_sd'>;
type ExamType = Stats['by_type'][number]['exam_type'];
type Mode = LeaderboardMode;

/** How the tests of a class went: the figures, and who stands where. */
export function ExamResults({ class_id }: { class_id: string }) {
  const type = useSignal<ExamType | undefined>(undefined);
  const { data, error, reload } = useResource(`exam-stats.${class_id}`, (signal) =>
    testing.statistics.classExamStats({ params: { class_id }, signal }),
  );
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={4} height={48} />;
  if (data.total_exams === 0)
    return (
      <div class="card">
        <Empty icon="flag" title={t('examResults.none')} text={t('examResults.noneText')}>
          <a class="button" href="/exam-plans">
            {t('nav.examPlans')}
          </a>
        </Empty>
      </div>
    );
  const shown = data.by_type.find(({ exam_type }) => exam_type === type.value) ?? data;
  return (
    <div class="stack-l">
      <div class="toolbar">
        <Select
          label={t('examResults.type')}
          value={type.value ?? ''}
          onChange={(value) => {
            type.value = data.by_type.find(({ exam_type }) => exam_type === value)?.exam_type;
          }}
        >
          <option value="">{t('examResults.allTypes')}</option>
          {data.by_type.map(({ exam_type }) => (
            <option key={exam_type} value={exam_type}>
              {examTitle(exam_type)}
            </option>
          ))}
        </Select>
      </div>
      <Averages sums={shown} />
      <Ranking class_id={class_id} type={type.value} />
    </div>
  );
}

const Averages = ({ sums }: { sums: Sums }) => (
  <Figures
    figures={[
      [
        t('examResults.completed'),
        t('examResults.ofAll', { done: sums.completed_exams, all: sums.total_exams }),
      ],
      [t('examResults.averageScore'), sums.average_score === null ? '–' : number(sums.average_score, 0)],
      [t('examResults.averageTheta'), sums.average_theta === null ? '–' : number(sums.average_theta, 2)],
      [t('examResults.spread'), sums.theta_sd === null ? '–' : number(sums.theta_sd, 2)],
    ]}
  />
);

interface RankingProps {
  readonly class_id: string;
  readonly type: ExamType | undefined;
}
function Ranking({ class_id, type }: RankingProps) {
  const { data, error, reload } = useResource(`leaderboard.${class_id}.${type ?? ''}`, (signal) =>
    testing.statistics.examLeaderboard({
      params: { class_id },
      query: type === undefined ? {} : { exam_type: type },
      signal,
    }),
  );
  return (
    <section class="card table-wrap">
      <div class="card-head">
        <h2>{t('leaderboard.exams')}</h2>
        {data && <ModeChoice class_id={class_id} />}
      </div>
      {error !== undefined && <Failure error={error} retry={reload} />}
      {!data && error === undefined && <Skeleton lines={4} height={32} />}
      {data?.entries.length === 0 && (
        <Empty icon="flag" title={t('leaderboard.nobody')} text={t('leaderboard.nobodyText')} />
      )}
      {data && data.entries.length > 0 && <Entries entries={data.entries} />}
    </section>
  );
}

/** The rule that decides what students see of each other; who teaches the class sees all. */
function ModeChoice({ class_id }: { class_id: string }) {
  const { busy, failure, run } = useAct();
  const { data, set } = useResource(`class.${class_id}`, (signal) =>
    api.school.getClass({ params: { class_id }, signal }),
  );
  if (!data || !may(schoolOperations.updateClass)) return null;
  const choose = (mode: Mode) =>
    run('mode', async () => {
      set(await api.school.updateClass({ params: { class_id }, body: { leaderboard: mode } }));
    });
  return (
    <div class="row" aria-busy={busy !== undefined}>
      <Select
        label={t('leaderboard.mode')}
        value={data.leaderboard}
        onChange={(value) => void choose(leaderboardMode.parse(value))}
      >
        {leaderboardMode.options.map((mode) => (
          <option key={mode} value={mode}>
            {t(`leaderboard.mode.${mode}`)}
          </option>
        ))}
      </Select>
      <Failure error={failure} />
    </div>
  );
}

const Entries = ({ entries }: { entries: Leaderboard['entries'] }) => (
  <Table
    label={t('leaderboard.exams')}
    items={entries}
    keyOf={({ student_id, rank }) => student_id ?? String(rank)}
    columns={[
      {
        label: t('form.name'),
        role: 'lead',
        cell: ({ student_id, name }) => (
          <a class="row-link" href={`/students/${student_id}`}>
            {name}
          </a>
        ),
      },
      { label: t('leaderboard.rank'), role: 'end', cell: ({ rank }) => number(rank) },
      {
        label: t('examResults.averageScore'),
        role: 'end',
        cell: ({ average_score }) => (average_score === null ? '–' : number(average_score, 0)),
      },
      {
        label: t('picture.theta'),
        cell: ({ average_theta }) =>
          average_theta !== null && (
            <Whisker value={average_theta} error={null} title={number(average_theta, 2)} />
          ),
      },
      {
        label: t('examResults.averageTheta'),
        role: 'end',
        cell: ({ average_theta }) => (average_theta === null ? '–' : number(average_theta, 2)),
      },
      { label: t('leaderboard.exams_n'), role: 'end', cell: ({ exam_count }) => number(exam_count) },
    ]}
  />
);
