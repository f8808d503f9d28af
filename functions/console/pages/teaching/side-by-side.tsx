import type { Language } from '#shared/domain/grading/types.ts';
import { api } from '../../app/api.ts';
import { setQuery } from '../../app/location.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { CardWait } from '../../ui/feedback.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { fileNames } from '../exercises/words.ts';
import type { SimilarPair } from './similarity.tsx';

interface Range {
  readonly start_line: number;
  readonly end_line: number;
}

/** Two programs beside each other; lines that match have the same number and colour on both sides. */
export function SideBySide({ pair, language }: { pair: SimilarPair; language: Language }) {
  const { left, right, fragments, similarity } = pair;
  return (
    <>
      <div class="toolbar">
        <Button icon="back" onClick={() => setQuery('pair', '')}>
          {t('similarity.allPairs')}
        </Button>
        <span class="grow" />
        <strong class="numbers">{t('similarity.percent', { n: Math.round(similarity * 100) })}</strong>
      </div>
      <div class="side-by-side">
        <Side who={left} language={language} ranges={fragments.map((fragment) => fragment.left)} />
        <Side who={right} language={language} ranges={fragments.map((fragment) => fragment.right)} />
      </div>
    </>
  );
}

interface SideProps {
  readonly who: SimilarPair['left'];
  readonly language: Language;
  readonly ranges: readonly Range[];
}
function Side({ who: { submission_id, student_name }, language, ranges }: SideProps) {
  const { data, error, reload } = useResource(`submission.${submission_id}`, (signal) =>
    api.submissions.getSubmission({ params: { submission_id }, signal }),
  );
  return (
    <section class="card" aria-label={student_name}>
      <div class="card-head">
        <h2>
          <a href={`/submissions/${submission_id}`}>{student_name}</a>
        </h2>
        <span class="file-name small muted">{fileNames[language]}</span>
      </div>
      <CardWait resource={{ data, error, reload }} lines={8} />
      {data && <MarkedCode code={data.submission_code} ranges={ranges} label={student_name} />}
    </section>
  );
}

interface MarkedCodeProps {
  readonly code: string;
  readonly ranges: readonly Range[];
  readonly label: string;
}
const MarkedCode = ({ code, ranges, label }: MarkedCodeProps) => (
  <ScrollRegion class="marked-code" label={label}>
    <pre>
      {code.split('\n').map((line, index) => {
        const match = ranges.findIndex(
          ({ start_line, end_line }) => index + 1 >= start_line && index + 1 <= end_line,
        );
        const isFirst = match >= 0 && ranges[match]?.start_line === index + 1;
        return (
          <span key={index} class={match < 0 ? 'code-line' : `code-line match m${match % 4}`}>
            <span class="line-no numbers">{index + 1}</span>
            <span class="match-no">
              {isFirst && (
                <>
                  <span class="visually-hidden">{t('similarity.match')} </span>
                  {match + 1}
                </>
              )}
            </span>
            <code>{line === '' ? ' ' : line}</code>
          </span>
        );
      })}
    </pre>
  </ScrollRegion>
);
