import { parseArgs } from 'node:util';
import { ReceiptRefused, verifyReceipt } from '#shared/identity/receipts.ts';
import { Failure, messageOf } from '../failure.ts';
import { checkCode, checkExercise, checkRerun, type Finding, recordedTests } from './check.ts';
import { readCode, readExercise, readKeys, readReceipt, saysTheSame } from './material.ts';
import { rerun } from './rerun.ts';

const usage = `Checks a grade receipt

  npm run verify-receipt -- RECEIPT [options]

  RECEIPT           the file: what the console gives, or only the signature in it
  --keys URL|FILE   the school's published keys (http://127.0.0.1:8080/.well-known/jwks.json)
  --code FILE       the program that was handed in
  --exercise FILE   the exercise as its export makes it for teachers, a .zip or a .json,
                    of the version that was graded

The signature is checked, and the program and the tests against it. With both of
them everything is run again in the sandbox, and the verdicts are compared.

Ends with 0 when all holds, 1 when something does not, 2 when it could not be checked.
`;

const options = {
  keys: { type: 'string', default: 'http://127.0.0.1:8080/.well-known/jwks.json' },
  code: { type: 'string' },
  exercise: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

function parsed() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new Failure(`${messageOf(error)}\n\n${usage}`);
  }
}

const mark = ({ good }: Finding): string => (good === null ? '?' : good ? '✓' : '✗');
const print = (finding: Finding): void => console.log(`${mark(finding)} ${finding.text}`);

/** What does not hold weighs more than what could not be told. */
const exitCode = (found: readonly Finding[]): number =>
  found.some(({ good }) => good === false) ? 1 : found.some(({ good }) => good === null) ? 2 : 0;

async function check(): Promise<readonly Finding[]> {
  const { values, positionals } = parsed();
  const [file, ...rest] = positionals;
  if (values.help) {
    console.log(usage);
    return [];
  }
  if (file === undefined || rest.length > 0) throw new Failure(usage);
  const [given, keys, code, exercise] = await Promise.all([
    readReceipt(file),
    readKeys(values.keys),
    values.code === undefined ? undefined : readCode(values.code),
    values.exercise === undefined ? undefined : readExercise(values.exercise),
  ]);
  const payload = await verifyReceipt(given.jws, keys);
  const found: Finding[] = [];
  const tell = (finding: Finding): void => {
    print(finding);
    found.push(finding);
  };
  const { school, submission_id, grade, grader, graded_at } = payload;
  tell({ good: true, text: `Signed by the school “${school}”: submission ${submission_id}.` });
  console.log(`  Grade ${grade} of 100 by ${grader}, ${graded_at}; the tests gave ${payload.raw_grade}.`);
  if (given.payload !== undefined && !saysTheSame(given.payload, payload))
    tell({ good: false, text: 'What is written beside the signature is not what was signed.' });
  if (code !== undefined) tell(checkCode(payload, code));
  if (exercise !== undefined) tell(checkExercise(payload, exercise));
  if (code === undefined || exercise === undefined || found.some(({ good }) => !good)) return found;
  const { language } = payload;
  const again = await rerun({ language, code, tests: recordedTests(payload, exercise) });
  for (const finding of checkRerun(payload, exercise, again)) tell(finding);
  return found;
}

try {
  process.exitCode = exitCode(await check());
} catch (error) {
  console.error(`✗ ${messageOf(error)}`);
  process.exitCode = error instanceof ReceiptRefused ? 1 : 2;
}
