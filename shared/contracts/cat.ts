import * as z from 'zod';
import { everyday } from './exam-shapes.ts';
import { contract } from './operation.ts';
import { admins } from './school-shapes.ts';
import { id, instant, nothing } from './shapes.ts';

/**
 * The 1EdTech Computer Adaptive Testing service 1.0 (REST/JSON binding): another assessment delivery system shows the
 * items and asks here which comes next. Names are the standard's. A section is a released plan.
 */
const name = z.string().min(1).max(128);
const opaque = z.string().max(100_000);

const value = z.strictObject({
  fieldIdentifier: name.optional(),
  baseType: z.string().max(40).optional(),
  value: z.string().max(1_000),
});
const variable = {
  identifier: name,
  cardinality: z.enum(['single', 'multiple', 'ordered', 'record']),
  baseType: z.string().max(40).optional(),
} as const;
const responseVariable = z.strictObject({
  ...variable,
  choiceSequence: z.array(name).max(100).optional(),
  correctResponse: z
    .strictObject({ interpretation: z.string().optional(), value: z.array(value) })
    .optional(),
  candidateResponse: z.strictObject({ value: z.array(value).max(20).optional() }),
});
const outcomeVariable = z.strictObject({
  ...variable,
  view: z.array(z.string()).optional(),
  interpretation: z.string().max(1_000).optional(),
  longInterpretation: z.string().max(1_000).optional(),
  normalMaximum: everyday(0.000001, 1_000_000).optional(),
  normalMinimum: everyday(-1_000_000, 1_000_000).optional(),
  masteryValue: everyday(-1_000_000, 1_000_000).optional(),
  value: z.array(value).max(20).optional(),
});
const itemResult = z.strictObject({
  identifier: name.meta({ description: 'The item' }),
  sequenceIndex: z.int().min(0).max(10_000).optional(),
  datestamp: z.string().max(40),
  sessionStatus: z.enum(['final', 'initial', 'pendingResponseProcessing', 'pendingSubmission']),
  responseVariables: z.array(responseVariable).max(20).optional(),
  templateVariables: z.array(z.strictObject({ ...variable, value: z.array(value).optional() })).optional(),
  outcomeVariables: z.array(outcomeVariable).max(20).optional(),
  candidateComment: z.string().max(10_000).optional(),
});
const sessionIdentifier = z.strictObject({ sourceID: z.string().max(1_000), identifier: name });
const assessmentResult = z.strictObject({
  context: z
    .strictObject({
      sourcedId: name.optional(),
      sessionIdentifiers: z.array(sessionIdentifier).max(20).optional(),
    })
    .optional(),
  testResult: z
    .strictObject({
      identifier: name,
      datestamp: z.string().max(40),
      responseVariables: z.array(responseVariable).max(20).optional(),
      templateVariables: z
        .array(z.strictObject({ ...variable, value: z.array(value).optional() }))
        .optional(),
      outcomeVariables: z.array(outcomeVariable).max(50).optional(),
    })
    .optional(),
  itemResult: z.array(itemResult).max(300).optional(),
});

const nextItems = z
  .object({
    itemIdentifiers: z.array(id).meta({ description: 'None: the test has ended' }),
    stageLength: z.int().meta({ description: 'How many of them to show before asking again' }),
  })
  .meta({ id: 'CatNextItems' });

const told = z.object({
  identifier: z.string(),
  cardinality: z.literal('single'),
  baseType: z.enum(['float', 'integer', 'string']),
  value: z.array(z.object({ value: z.string() })),
});
const result = z
  .object({
    context: z.object({
      sessionIdentifiers: z.array(z.object({ sourceID: z.string(), identifier: z.string() })),
    }),
    testResult: z.object({
      identifier: id,
      datestamp: instant,
      outcomeVariables: z
        .array(told)
        .meta({ description: 'THETA, THETA_SE, SCORE (200 to 800), NUM_ITEMS, STATUS, STOP_REASON' }),
    }),
  })
  .meta({ id: 'CatAssessmentResult' });
export type CatOutcome = z.output<typeof told>;

const answered = z
  .object({ nextItems, assessmentResult: result, sessionState: z.string() })
  .meta({ id: 'CatResults' });
export type CatAnswered = z.output<typeof answered>;
const started = z
  .object({ sessionIdentifier: id, nextItems, sessionState: z.string() })
  .meta({ id: 'CatSession' });
export type CatStarted = z.output<typeof started>;
const section = z
  .object({
    items: z.object({ itemIdentifiers: z.array(id) }),
    section: z.object({ sectionConfiguration: z.string().meta({ description: 'Base64 of JSON' }) }),
  })
  .meta({ id: 'CatSection' });
export type CatSection = z.output<typeof section>;

const keyValue = z.strictObject({
  glossaryURI: z.string().max(1_000).optional(),
  key: z.string().max(200),
  value: z.string().max(1_000),
});

const one = { params: z.object({ section_id: id }) };
const session = { params: z.object({ section_id: id, session_id: id }) };
const callers = { teacher: 'taught', ...admins } as const;
const readers = { teacher: 'organization', ...admins } as const;

export const catOperations = contract({
  createCatSection: {
    method: 'POST',
    path: '/api/ims/cat/v1p0/sections',
    summary: 'CAT 1.0: set up a section',
    description:
      '`sectionConfiguration` is Base64 of JSON: `{"plan_id"}` names a released plan, `{"bank_id", "name"?, "config"?}` makes one, simulates and releases it to no class.',
    access: readers,
    body: z.strictObject({
      qtiMetadata: z.record(z.string().max(100), z.union([z.string(), z.boolean(), z.null()])).optional(),
      qtiUsagedata: opaque.optional(),
      sectionConfiguration: opaque.min(1),
    }),
    status: 201,
    response: z.object({ sectionIdentifier: id }).meta({ id: 'CatSectionCreated' }),
    errors: [400, 404, 409],
  },
  getCatSection: {
    method: 'GET',
    path: '/api/ims/cat/v1p0/sections/{section_id}',
    summary: 'CAT 1.0: read a section',
    access: readers,
    ...one,
    status: 200,
    response: section,
    errors: [404],
  },
  deleteCatSection: {
    method: 'DELETE',
    path: '/api/ims/cat/v1p0/sections/{section_id}',
    summary: 'CAT 1.0: end a section',
    description: 'Closes the plan: nobody starts any more.',
    access: { teacher: 'own', ...admins },
    ...one,
    status: 204,
    response: nothing,
    errors: [404],
  },
  createCatSession: {
    method: 'POST',
    path: '/api/ims/cat/v1p0/sections/{section_id}/sessions',
    summary: 'CAT 1.0: start a session',
    description:
      '`priorData` may name the student (`student_id` and `class_id`, a student of a class of the plan) and say extra time (`time_factor`). Without a student the candidate is unknown here, and the session counts for the items only.',
    access: callers,
    ...one,
    body: z
      .strictObject({
        personalNeedsAndPreferences: opaque.optional(),
        demographics: opaque.optional(),
        priorData: z.array(keyValue).max(50).optional(),
      })
      .prefault({}),
    status: 201,
    response: started,
    errors: [400, 404, 409],
  },
  submitCatResults: {
    method: 'POST',
    path: '/api/ims/cat/v1p0/sections/{section_id}/sessions/{session_id}/results',
    summary: 'CAT 1.0: hand in results and get the next items',
    description:
      'Of each item its response (`RESPONSE`: a position from 0 or `choice-0`; several for several choices; a number; text), or else the outcome `SCORE`. Results that were handed in before may come again.',
    access: callers,
    ...session,
    body: z.strictObject({ assessmentResult, sessionState: z.string().max(4_096).optional() }),
    status: 201,
    response: answered,
    errors: [404, 409],
  },
  endCatSession: {
    method: 'DELETE',
    path: '/api/ims/cat/v1p0/sections/{section_id}/sessions/{session_id}',
    summary: 'CAT 1.0: end a session',
    description: 'Completed, if the plan’s fewest items were answered; else abandoned.',
    access: callers,
    ...session,
    status: 204,
    response: nothing,
    errors: [404],
  },
});
