import { describe, expect, it } from 'vitest';
import { functionSettings, readSchool, schoolConfig, schoolNames } from '#infra/school-config.ts';
import { schoolSettings } from '#shared/env.ts';

const demo = () => structuredClone(readSchool('demo'));
const problems = (school: unknown): string[] =>
  schoolConfig.safeParse(school).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('school files', () => {
  it.each(schoolNames())('%s is valid and gives its functions their settings', (name) => {
    expect(schoolSettings.parse(functionSettings(readSchool(name)))).toEqual(
      functionSettings(readSchool(name)),
    );
  });

  it('has at least two schools that differ in capacity and flags', () => {
    expect(schoolNames()).toEqual(expect.arrayContaining(['demo', 'hanbit']));
    expect(readSchool('demo').capacity).not.toEqual(readSchool('hanbit').capacity);
    expect(readSchool('demo').flags).not.toEqual(readSchool('hanbit').flags);
  });

  it('names the schools there are when one is unknown', () => {
    expect(() => readSchool('nowhere')).toThrow(/no school "nowhere".*demo, hanbit/);
  });

  it.each([
    ['memory that Fargate does not sell', ['capacity', 'trainer_memory_mb'], 3000],
    ['a grader’s memory that Fargate does not sell', ['capacity', 'grader_memory_mb'], 1024],
    ['more source than the engine takes', ['grading', 'source_characters'], 70_000],
    [
      'a certificate outside us-east-1',
      ['certificate_arn'],
      'arn:aws:acm:ap-northeast-2:111122223333:certificate/00000000-0000-4000-8000-000000000001',
    ],
    ['a time zone that does not exist', ['time_zone'], 'Asia/Pyeongyang2'],
    ['a retention CloudWatch does not know', ['retention', 'logs_days'], 31],
    ['a name that cannot start a stack’s name', ['name'], '9th-school'],
    ['an unknown processor', ['capacity', 'architecture'], 'riscv'],
    ['hours that end before they start', ['school_hours', 'to'], '07:00'],
  ])('refuses %s', (_, path, value) => {
    const school: Record<string, unknown> = demo();
    const last = path.at(-1) ?? '';
    const parent = path
      .slice(0, -1)
      .reduce<Record<string, unknown>>((inner, key) => inner[key] as Record<string, unknown>, school);
    parent[last] = value;
    expect(problems(school)).toEqual([path.join('.')]);
  });

  it('refuses a misspelled field', () => {
    expect(problems({ ...demo(), self_registraton: 'off' })).toEqual(['']);
  });
});
