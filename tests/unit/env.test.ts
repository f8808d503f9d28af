import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnv } from '#shared/env.ts';

const before = process.env;
beforeEach(() => {
  process.env = {};
});
afterEach(() => {
  process.env = before;
});

test('what was asked for is read, in its own type', () => {
  Object.assign(process.env, {
    TABLE_NAME: 't',
    PUBLIC_ORIGINS: 'https://a.example,https://b.example',
    TASK_SUBNETS: 's1,,s2',
  });
  expect(readEnv('TABLE_NAME', 'PUBLIC_ORIGINS', 'TASK_SUBNETS', 'JOB_ID')).toEqual({
    TABLE_NAME: 't',
    PUBLIC_ORIGINS: ['https://a.example', 'https://b.example'],
    TASK_SUBNETS: ['s1', 's2'],
    JOB_ID: undefined,
  });
});

test('every variable that is missing or wrong is named at once', () => {
  Object.assign(process.env, {
    SCHOOL_SETTINGS: '{not json',
    PUBLIC_ORIGINS: '',
    TRAINING_QUEUE_URL: 'queue',
  });
  const read = () => readEnv('TABLE_NAME', 'SCHOOL_SETTINGS', 'PUBLIC_ORIGINS', 'TRAINING_QUEUE_URL');
  for (const name of ['TABLE_NAME', 'SCHOOL_SETTINGS', 'PUBLIC_ORIGINS', 'TRAINING_QUEUE_URL'])
    expect(read).toThrow(`environment variable ${name}`);
});

test('settings of a school that lack a limit are refused', () => {
  process.env['SCHOOL_SETTINGS'] = JSON.stringify({ organization: { name: 'x', type: 'school' } });
  expect(() => readEnv('SCHOOL_SETTINGS')).toThrow('limits');
});
