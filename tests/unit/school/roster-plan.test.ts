import { describe, expect, test } from 'vitest';
import { groupsOf } from '#functions/school/roster-import/enrol-rows.ts';
import { type Choice, newClassesOf, type Place, placeRows } from '#functions/school/roster-import/places.ts';
import { type Known, planRows, type Standing } from '#functions/school/roster-import/plan.ts';
import { readRoster } from '#functions/school/roster-import/rows.ts';
import { DomainError } from '#shared/errors.ts';
import type { UserRecord } from '#shared/table/user.ts';
import { userRecord } from '#tests/support/user-record.ts';

const account = (fields: Partial<UserRecord>): UserRecord =>
  userRecord({ user_id: 'u1', username: 'mina', ...fields });

const ten: Place = { class_id: 'c10', name: '10-1' };
const eleven: Place = { class_id: 'c11', name: '11-1' };
const school: Choice = { classes: [ten, eleven], only: undefined, create: false };

interface Present {
  readonly accounts?: Readonly<Record<string, UserRecord>>;
  readonly standings?: Readonly<Record<string, Standing>>;
}
const known = ({ accounts = {}, standings = {} }: Present): Known => ({
  org_id: 'school',
  account: (key) => accounts[key],
  standing: (class_id, student_id) => standings[`${class_id} ${student_id}`],
});

/** Each row of a file as its step and, where it is refused, the field and the rule. */
const steps = (csv: string, present: Present = {}, choice = school): string[] =>
  planRows(placeRows(readRoster(csv).rows, choice), known(present)).map(({ step }) =>
    step.kind === 'refused' ? `${step.problem.field} ${step.problem.rule}` : step.kind,
  );

const faultOf = (csv: string): string => {
  try {
    readRoster(csv);
  } catch (error) {
    return error instanceof DomainError ? (error.issues?.[0]?.type ?? '') : 'another error';
  }
  return '';
};

const head = 'name,username,email,grade,class\n';

describe('the file of a roster', () => {
  test('headings are found in English and Korean, in any order, and the others are named', () => {
    const { rows, ignored_columns } = readRoster('반;번호;이름;아이디\n10-1;3;김민아;Mina\n');
    expect(rows).toMatchObject([
      { line: 2, name: '김민아', username: 'mina', class_name: '10-1', problem: null },
    ]);
    expect(ignored_columns).toEqual(['번호']);
  });

  test.each([
    ['no heading', '김민아,mina\n', 'csv_header'],
    ['nothing to sign in with', 'name,class\n김민아,10-1\n', 'csv_header'],
    ['a column twice', 'name,이름,username\na,b,c\n', 'csv_header'],
    ['no row', head, 'csv_rows'],
    ['too many rows', head + 'a,b1,,,c\n'.repeat(1001), 'csv_rows'],
    ['an open quote', `${head}"a,b1,,,c\n`, 'csv_quote'],
    ['bytes that were not UTF-8', `${head}\uFFFD\uFFFD,b1,,,c\n`, 'csv_encoding'],
  ])('%s is refused as a whole', (_, csv, type) => {
    expect(faultOf(csv)).toBe(type);
  });

  test('each row says which field breaks which rule', () => {
    const rows = [
      ',mina,,10,10-1',
      '김민아,,,10,10-1',
      '김민아,m,,10,10-1',
      '김민아,,not mail,10,10-1',
      'Kim, Mina,mina,,10,10-1',
    ];
    expect(steps(head + rows.join('\n'))).toEqual([
      'name missing',
      'username missing',
      'username invalid',
      'email invalid',
      'row too_many_cells',
    ]);
  });
});

describe('the class of a row', () => {
  test('is the one of its name, whatever the case and the width', () => {
    const named = { ...school, classes: [{ class_id: 'c', name: 'Class A' }] };
    expect(steps(`${head}김민아,mina,,,class Ａ\n`, {}, named)).toEqual(['create']);
  });

  test('must be there, and only once', () => {
    const twice = { ...school, classes: [ten, { ...ten, class_id: 'other' }] };
    expect(steps(`${head}a,a1,,,10-1\nb,b1,,,9-1\nc,c1,,,\n`, {}, twice)).toEqual([
      'class several_classes',
      'class unknown_class',
      'class missing',
    ]);
  });

  test('is created where that is asked for, once for all its rows', () => {
    const placed = placeRows(readRoster(`${head}a,a1,,,9-A\nb,b1,,,9-a\nc,c1,,,10-1\n`).rows, {
      ...school,
      create: true,
    });
    expect(newClassesOf(placed)).toEqual(['9-A']);
  });

  test('is the one that the request names, unless the row names another', () => {
    const one: Choice = { classes: [], only: ten, create: false };
    expect(steps(`${head}a,a1,,,\nb,b1,,,10-1\nc,c1,,,11-1\n`, {}, one)).toEqual([
      'create',
      'create',
      'class other_class',
    ]);
  });
});

describe('the person of a row', () => {
  const mina = account({});
  const accounts = { 'username#mina': mina };

  test('is created once, and enrolled in every class of the file', () => {
    expect(steps(`${head}김민아,mina,,,10-1\n김민아,mina,,,11-1\n김민아,MINA,,,10-1\n`)).toEqual([
      'create',
      'enrol',
      'already',
    ]);
  });

  test('is enrolled when the account is there, and left alone when enrolled', () => {
    const standings = { 'c10 u1': { own: false, enrolled_at: '' } };
    expect(steps(`${head}김민아,mina,,,10-1\n김민아,mina,,,11-1\n`, { accounts, standings })).toEqual([
      'already',
      'enrol',
    ]);
  });

  test.each([
    ['another name', account({ name: '박민아' })],
    ['another organisation', account({ org_id: 'elsewhere' })],
    ['another role', account({ role: 'teacher' })],
  ])('is not an account of %s', (_, other) => {
    expect(steps(`${head}김민아,mina,,,10-1\n`, { accounts: { 'username#mina': other } })).toEqual([
      'username taken',
    ]);
  });

  test('is refused when the username and the address are of two accounts', () => {
    const both = { ...accounts, 'email#m@school.example': account({ user_id: 'u2' }) };
    expect(steps(`${head}김민아,mina,m@school.example,,10-1\n`, { accounts: both })).toEqual([
      'email two_accounts',
    ]);
  });

  test('is refused when an earlier row of the file has the username with another name', () => {
    expect(steps(`${head}김민아,mina,,,10-1\n박민아,mina,,,10-1\n`)).toEqual(['create', 'username repeated']);
  });

  test('a refused row reserves nothing', () => {
    expect(steps(`${head}김민아,mina,,,9-1\n박민아,mina,,,10-1\n`)).toEqual([
      'class unknown_class',
      'create',
    ]);
  });
});

describe('a transaction', () => {
  const groupsIn = (rows: readonly string[]) =>
    groupsOf(placeRows(readRoster(`${head}${rows.join('\n')}\n`).rows, school));
  const numbers = Array.from({ length: 40 }, (_, at) => at);

  test('takes as many rows as a hundred writes allow', () => {
    const sizes = (rows: readonly string[]) => groupsIn(rows).map(({ length }) => length);
    // 2 + 16 × 6 = 98
    expect(sizes(numbers.map((at) => `n,user${at},,,10-1`))).toEqual([16, 16, 8]);
    // 3 + 13 × 7 = 94, with both classes
    expect(sizes(numbers.map((at) => `n,user${at},u${at}@s.example,,1${at % 2}-1`))).toEqual([13, 13, 13, 1]);
  });

  test('names nobody twice', () => {
    const groups = groupsIn(numbers.map((at) => `n,user${at % 13},,,10-1`));
    expect(groups.map(({ length }) => length)).toEqual([13, 13, 13, 1]);
    for (const group of groups)
      expect(new Set(group.map(({ username }) => username)).size).toBe(group.length);
  });
});
