import { expect, test } from 'vitest';
import { type ExamResponses, examResponses } from '#shared/table/exam-session.ts';

const result: ExamResponses = {
  exam_session_id: '018f0000-0000-7000-8000-000000000001',
  result_n: 1,
  bank_id: '018f0000-0000-7000-8000-000000000002',
  bank_version: 3,
  theta: 0.25,
  standard_error: 0.4,
  responses: [
    {
      item_id: '018f0000-0000-7000-8000-000000000003',
      revision: 2,
      parameters: { model: '2PL', a: 1.1, b: -0.3, c: 0, d: 1, se: null, source: 'entered' },
      pilot: false,
      category: 1,
      x: 1,
      milliseconds: 1200,
      expected: 0.6471,
      variance: 0.2284,
    },
    {
      item_id: '018f0000-0000-7000-8000-000000000004',
      revision: 1,
      parameters: null,
      pilot: true,
      category: -2,
      x: null,
      milliseconds: 900,
      expected: null,
      variance: null,
    },
  ],
};

test('the answers of a result come back from the table as they were', () => {
  expect(examResponses.parse(examResponses.stored(result))).toEqual(result);
});

test('so do those of the first version, which were attributes', () => {
  const old = { ...result, type: 'exam_responses', schema_version: 1 };
  expect(examResponses.parse(old)).toEqual(result);
});
