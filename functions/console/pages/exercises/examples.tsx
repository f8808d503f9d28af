import type { Exercise } from '#shared/contracts/exercises.ts';
import { counted, t } from '../../i18n/index.ts';

type PublicTest = Exercise['public_tests'][number];

/** `square(5)`: a test that calls a function shows the call in place of an input. */
export const isCall = (input: string): boolean => /^[\p{ID_Start}_$][\p{ID_Continue}$]*\(.*\)$/su.test(input);

interface ExamplesProps {
  readonly tests: readonly PublicTest[];
  /** How many tests there are in all. */
  readonly all: number;
  /** The problem as Markdown, which may show some of them already. */
  readonly problem: string;
}
/** The public tests: what goes in and what must come out. */
export function Examples({ tests, all, problem }: ExamplesProps) {
  const hidden = all - tests.length;
  const blocks = codeBlocks(problem);
  const unseen = tests.filter(
    ({ input, expected_output }) => !(blocks.has(input.trim()) && blocks.has(expected_output.trim())),
  );
  if (tests.length === 0) return null;
  return (
    <section class="examples">
      <h2>{unseen.length < tests.length ? t('exercise.moreExamples') : t('exercise.examples')}</h2>
      <ol>
        {unseen.map((test, index) => (
          <li key={test.name}>
            <h3>{test.name || t('exercise.example', { n: index + 1 })}</h3>
            <ExampleOf test={test} />
          </li>
        ))}
      </ol>
      {hidden > 0 && <p class="small muted">{counted('exercise.hiddenTests', hidden)}</p>}
    </section>
  );
}

const codeBlocks = (markdown: string): ReadonlySet<string> =>
  new Set(Array.from(markdown.matchAll(/```\w*\n([\s\S]*?)```/g), ([, code = '']) => code.trim()));

const ExampleOf = ({ test }: { test: PublicTest }) => {
  const asCall = isCall(test.input);
  return (
    <dl class="io">
      <div>
        <dt>{asCall ? t('exercise.call') : t('exercise.input')}</dt>
        <dd>
          <pre>{test.input === '' ? t('exercise.noInput') : test.input.trimEnd()}</pre>
        </dd>
      </div>
      <div>
        <dt>{asCall ? t('exercise.result') : t('exercise.output')}</dt>
        <dd>
          <pre>{test.expected_output.trimEnd()}</pre>
        </dd>
      </div>
    </dl>
  );
};
