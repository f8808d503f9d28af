import { useSignal } from '@preact/signals';
import type { QuizStatistics } from '#shared/contracts/quizzes.ts';
import { testing } from '../../app/testing-api.ts';
import { useResource } from '../../data/resource.ts';
import { number, t } from '../../i18n/index.ts';
import { Figures } from '../../ui/facts.tsx';
import { Empty, Failure, Note, Skeleton } from '../../ui/feedback.tsx';
import { Select } from '../../ui/select.tsx';
import { logit } from '../item-banks/words.ts';
import { ItemBody } from '../item-body/item-body.tsx';

type Question = QuizStatistics['questions'][number];
const choices = ['first', 'last', 'all'] as const;

/** How the questions did: which were hard, which do not tell who knows and who does not. */
export function QuizStatisticsView({ quiz_id }: { quiz_id: string }) {
  const attempts = useSignal<(typeof choices)[number]>('first');
  const { data, error, reload } = useResource(`quiz-statistics.${quiz_id}.${attempts.value}`, (signal) =>
    testing.quizzes.quizStatistics({ params: { quiz_id }, query: { attempts: attempts.value }, signal }),
  );
  return (
    <section class="stack-l" aria-label={t('quizPage.view.statistics')}>
      <div class="toolbar">
        <Select
          label={t('quizStats.attempts')}
          value={attempts.value}
          onChange={(value) => {
            attempts.value = choices.find((one) => one === value) ?? 'first';
          }}
        >
          {choices.map((one) => (
            <option key={one} value={one}>
              {t(`quizStats.attempts.${one}`)}
            </option>
          ))}
        </Select>
      </div>
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={5} height={64} />}
      {data?.attempts === 0 && (
        <div class="card">
          <Empty icon="training" title={t('quizStats.none')} text={t('quizStats.noneText')} />
        </div>
      )}
      {data && data.attempts > 0 && (
        <>
          <Sums statistics={data} />
          {data.truncated && (
            <Note kind="warn" icon="alert">
              {t('quizStats.truncated')}
            </Note>
          )}
          <p class="small muted">{t('quizStats.restHint')}</p>
          <ol class="question-cards">
            {data.questions.map((question, at) => (
              <QuestionCard key={question.item_id} question={question} n={at + 1} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

const percentText = (value: number | null, digits = 0): string =>
  value === null ? '–' : t('quizStats.percent', { value: number(value, digits) });
const shareText = (share: number | null): string => percentText(share === null ? null : share * 100);

const Sums = ({ statistics }: { statistics: QuizStatistics }) => (
  <Figures
    figures={[
      [t('quizStats.counted'), number(statistics.attempts)],
      [t('quizStats.mean'), percentText(statistics.mean_percent, 1)],
      [t('quizStats.median'), percentText(statistics.median_percent, 1)],
      [t('quizStats.sd'), statistics.sd_percent === null ? '–' : number(statistics.sd_percent, 1)],
      [t('quizStats.alpha'), statistics.alpha === null ? '–' : logit(statistics.alpha)],
    ]}
  />
);

/** Fewer attempts than this say little of a question. */
const fewestToJudge = 10;

function warningOf({ n, p, point_biserial }: Question): string | undefined {
  if (n < fewestToJudge || p === null) return undefined;
  if (p < 0.1) return t('quizStats.hard');
  if (p > 0.97) return t('quizStats.easy');
  return point_biserial !== null && point_biserial < 0.1 ? t('quizStats.suspicious') : undefined;
}

function QuestionCard({ question, n }: { question: Question; n: number }) {
  const warning = warningOf(question);
  return (
    <li class="card card-body">
      <div class="question-statistics">
        <div>
          <p class="small muted">{t('quizStats.question', { n })}</p>
          <ItemBody text={question.body} />
        </div>
        <dl class="facts">
          <div>
            <dt>{t('quizStats.p')}</dt>
            <dd>{shareText(question.p)}</dd>
          </div>
          <div>
            <dt>{t('quizStats.rest')}</dt>
            <dd>{question.point_biserial === null ? '–' : logit(question.point_biserial)}</dd>
          </div>
          <div>
            <dt>{t('quizStats.blank')}</dt>
            <dd>{number(question.blank)}</dd>
          </div>
        </dl>
      </div>
      {warning !== undefined && (
        <Note kind="warn" icon="alert">
          {warning}
        </Note>
      )}
      {question.options.length > 0 && <Options question={question} />}
      {question.frequent_answers.length > 0 && <Answers question={question} />}
    </li>
  );
}

const Options = ({ question }: { question: Question }) => (
  <table class="option-shares">
    <thead>
      <tr>
        <th scope="col">{t('quizStats.option')}</th>
        <th scope="col">{t('quizStats.chosen')}</th>
        <th scope="col" class="end">
          {t('quizStats.meanRest')}
        </th>
      </tr>
    </thead>
    <tbody>
      {question.options.map(({ position, body, is_key, chosen, share, mean_rest }) => (
        <tr key={position} class={is_key ? 'key' : ''}>
          <th scope="row">
            <ItemBody text={body} />
            {is_key && <span class="visually-hidden"> ({t('item.previewRight')})</span>}
          </th>
          <td>
            <Share share={share ?? 0} isKey={is_key} />
            <span class="numbers">
              {shareText(share)} · {t('quizStats.chosenN', { n: chosen })}
            </span>
          </td>
          <td class="end numbers">{shareText(mean_rest)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const Share = ({ share, isKey }: { share: number; isKey: boolean }) => (
  <span class={`alike-bar ${isKey ? 'good' : ''}`} aria-hidden="true">
    <i style={{ width: `${Math.round(share * 100)}%` }} />
  </span>
);

const Answers = ({ question }: { question: Question }) => (
  <table class="option-shares">
    <caption class="small muted">{t('quizStats.answers')}</caption>
    <thead>
      <tr>
        <th scope="col">{t('quizStats.answer')}</th>
        <th scope="col">{t('quizStats.chosen')}</th>
      </tr>
    </thead>
    <tbody>
      {question.frequent_answers.map(({ answer, count, correct }) => (
        <tr key={String(answer)} class={correct ? 'key' : ''}>
          <th scope="row">
            {String(answer)}
            {correct && <span class="visually-hidden"> ({t('item.previewRight')})</span>}
          </th>
          <td>
            <Share share={question.n === 0 ? 0 : count / question.n} isKey={correct} />
            <span class="numbers">{t('quizStats.chosenN', { n: count })}</span>
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
