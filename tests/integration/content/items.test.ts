/**
 * The keys of the starting items about Python are what Python says: programs are run, expressions evaluated, by the
 * interpreter that grades exercises. Tags say what an item asks for.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gradeProgram } from '#functions/tasks/grader/grade.ts';
import { Sandbox } from '#functions/tasks/grader/sandbox/sandbox.ts';
import { readItemBanks } from '#shared/content/items.ts';
import type { WrittenItem } from '#shared/contracts/item-shapes.ts';
import { defaultLimits } from '#shared/domain/grading/limits.ts';
import { scoreAnswer } from '#shared/domain/items/score.ts';
import { openSandbox } from '../sandbox/world.ts';

/** Everything that is asked of Python at once: what a program prints and raises, what expressions are worth. */
const program = `
import contextlib, io, json, sys

def run(setup, expressions):
    printed, error, values = io.StringIO(), None, []
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(setup, "item", "exec"), {"__name__": "__main__"})
        except BaseException as raised:
            error = type(raised).__name__
    for expression in expressions:
        scope = {}
        if error is None:
            exec(setup, scope)
        values.append(evaluated(expression, scope))
    return {"printed": printed.getvalue(), "error": error, "values": values}

def evaluated(code, scope):
    before = repr(scope.get("a"))
    try:
        value = eval(code, scope)
    except BaseException as raised:
        return {"error": type(raised).__name__}
    try:
        hashable = hash(value) is not None
    except TypeError:
        hashable = False
    return {"repr": repr(value), "type": type(value).__name__, "true": value is True, "hashable": hashable,
            "changes": repr(scope.get("a")) != before}

cases = json.loads(sys.stdin.read())
print(json.dumps([run(case["setup"], case["expressions"]) for case in cases]))
`;

interface Value {
  readonly repr: string;
  readonly type: string;
  readonly true: boolean;
  readonly hashable: boolean;
  readonly changes: boolean;
}
interface Ran {
  readonly printed: string;
  readonly error: string | null;
  readonly values: readonly Value[];
}

const [, python] = await readItemBanks();
const items = python?.items ?? [];
const evaluated = items.filter(({ tags }) => tags.length > 0);

/** The code of an option or of a body: in a fence, or between backquotes. */
const plain = (text: string): string => text.replace(/^```\n?([\s\S]*?)\n?```$|^`(.*)`$/, '$1$2');
const setupOf = ({ body, tags }: WrittenItem): string =>
  tags.includes('value') || tags.includes('type') ? '' : (/```python\n([\s\S]*?)```/.exec(body)?.[1] ?? '');

function expressionsOf({ body, options, tags }: WrittenItem): string[] {
  if (tags.some((tag) => ['truth', 'hashable', 'changes'].includes(tag)))
    return options.map((option) => plain(option.body));
  return tags.includes('value') || tags.includes('type') ? [/`([^`]+)`/.exec(body)?.[1] ?? ''] : [];
}

const unsupported = Sandbox.supported();
let sandbox: Awaited<ReturnType<typeof openSandbox>>;
let ran: readonly Ran[] = [];
beforeAll(async () => {
  if (unsupported !== undefined) return;
  sandbox = await openSandbox({ slots: 1 });
  const cases = evaluated.map((item) => ({ setup: setupOf(item), expressions: expressionsOf(item) }));
  const limits = { ...defaultLimits('python'), cpu_ms: 10_000 };
  const all = { id: 't1', name: 'all', weight: 1, visibility: 'public', seed: 1, limits } as const;
  const stdin = JSON.stringify(cases);
  const only = { ...all, kind: 'stdio', stdin, expected: '', checker: { kind: 'exact' } } as const;
  const [outcome] = await gradeProgram(sandbox, { language: 'python', code: program }, [only]);
  ran = JSON.parse(outcome?.output ?? '[]');
});
afterAll(() => sandbox?.close());

/** The positions of the options that Python says of. */
function right(item: WrittenItem, { printed, error, values }: Ran): number[] {
  const asked = item.tags.find((tag) => ['output', 'value', 'type', 'error'].includes(tag));
  const [value] = values;
  const answers = { output: printed.trimEnd(), value: value?.repr, type: value?.type, error };
  return item.options.flatMap(({ body }, position) => {
    const option = plain(body);
    if (asked === 'error') {
      // an option may say in words what happens
      return option === error || (error !== null && body.includes(`\`${error}\``)) ? [position] : [];
    }
    if (asked !== undefined) return option === answers[asked as 'output'] ? [position] : [];
    const said = values[position];
    const [tag] = item.tags;
    const holds = tag === 'truth' ? said?.true : tag === 'hashable' ? said?.hashable : said?.changes;
    return holds === true ? [position] : [];
  });
}

test('most items can be evaluated', () => {
  expect(evaluated.length).toBeGreaterThanOrEqual(60);
  expect(items.length - evaluated.length).toBeLessThanOrEqual(15);
});

test
  .skipIf(unsupported !== undefined)
  .each(evaluated.map((item, at) => [item.external_id ?? '', item, at] as const))(
  'the key of %s is what Python says, and no other option is',
  (_, item, at) => {
    const said = ran[at];
    if (!said) throw new Error('this item was not run');
    switch (item.kind) {
      case 'choice':
        expect(right(item, said)).toEqual([item.key]);
        break;
      case 'multi':
        expect(right(item, said)).toEqual(item.key);
        break;
      case 'numeric': {
        const answer = Number(item.tags.includes('output') ? said.printed : said.values[0]?.repr);
        expect(scoreAnswer(item, answer).correct).toBe(true);
        break;
      }
      case 'text':
        expect(scoreAnswer(item, said.printed.trimEnd()).correct).toBe(true);
    }
  },
);
