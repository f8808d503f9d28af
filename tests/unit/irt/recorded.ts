import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** Reads and parses one of the recorded references. */
export function read<T extends z.ZodType>(name: string, schema: T): z.infer<T> {
  const path = new URL(`../../fixtures/irt/${name}.json`, import.meta.url);
  return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

const numbers = z.array(z.number());
const rows = z.array(numbers);
const pair = z.tuple([z.number(), z.number()]);

export const scoring = () =>
  read(
    'scoring',
    z.object({
      sets: z.record(
        z.string(),
        z.object({
          items: rows,
          vectors: z.array(
            z.object({
              note: z.string(),
              x: numbers,
              expected: z.object({
                MLE: pair,
                MAP: pair,
                WLE: pair,
                EAP_m4_4_33: pair,
                EAP_m6_6_61: pair,
                JeffreysModal: z.tuple([z.number(), z.null()]),
              }),
              catR: z.object({ ML: pair, BM: pair, WL: pair, EAP33: pair, EAP61: pair, BM_Jeffreys: pair }),
              loglikAtMLE: z.number(),
            }),
          ),
        }),
      ),
    }),
  );

export const information = () =>
  read(
    'information',
    z.object({
      points: z.array(
        z.object({
          item: numbers,
          theta: z.number(),
          P: z.number(),
          dP: z.number(),
          d2P: z.number(),
          I: z.number(),
          dI: z.number(),
          J: z.number(),
          observedInfo_x1: z.number(),
          observedInfo_x0: z.number(),
        }),
      ),
      maxima: z.array(z.object({ item: numbers, thetaMax: z.number(), Imax: z.number() })),
    }),
  );

/** One item is recorded as a plain number. */
const oneOrMore = z.union([numbers, z.number().transform((value) => [value])]);

export const selection = () =>
  read(
    'selection',
    z.object({
      bank: z.object({ items: rows, groups: z.array(z.string()) }),
      contentTargets: z.record(z.string(), z.number()),
      cases: z.array(
        z.object({
          administered: oneOrMore,
          responses: oneOrMore,
          theta: z.number(),
          se: z.number(),
          candidates: numbers,
          values: z.record(z.string(), numbers),
          picked: z.record(z.string(), z.number()),
        }),
      ),
    }),
  );

const polytomousSet = z.object({
  items: z.array(z.array(z.number().nullable())),
  vectors: rows,
  catR: z.object({
    thetas: numbers,
    probabilities: z.array(z.array(z.array(z.number().nullable()))),
    information: rows,
    scores: z.array(z.object({ ML: pair, BM: pair, EAP33: pair, WL: pair })),
  }),
});

export const polytomous = () =>
  read('polytomous', z.object({ sets: z.object({ GRM: polytomousSet, GPCM: polytomousSet }) }));

const twoPL = z.object({ a: numbers, b: numbers });

/** Scores of the LSAT data's patterns, and the parameters they were scored with. */
export function lsat() {
  const scores = read(
    'fit',
    z.object({
      sets: z.record(
        z.string(),
        z.object({
          patterns: z.array(z.string()),
          EAP: z.array(pair),
          MAP: z.array(pair),
          WLE: z.array(pair),
          EAPsum: z.object({
            'Sum.Scores': numbers,
            F1: numbers,
            SE_F1: numbers,
            observed: numbers,
            expected: numbers,
          }),
          testinfo: z.object({ theta: numbers, info: numbers }),
        }),
      ),
    }),
  );
  const items = read(
    'calibration2pl',
    z.object({ sets: z.record(z.string(), z.object({ exact: z.object({ twoPL }) })) }),
  );
  return ['LSAT6', 'LSAT7'].map((name) => ({
    name,
    scores: scores.sets[name],
    parameters: items.sets[name]?.exact.twoPL,
  }));
}

export const misc = () =>
  read(
    'misc',
    z.object({
      baker: z.object({ items: rows, x: numbers, MLE: pair }),
      jsCATtests: z.array(
        z.object({
          items: rows,
          x: numbers,
          exact: pair.optional(),
          exactEAP_m6_6_121: pair.optional(),
        }),
      ),
      sprt: z.object({
        items: rows,
        x: numbers,
        cut: z.number(),
        delta: z.number(),
        alpha: z.number(),
        beta: z.number(),
        logLRafterEach: numbers,
        upper: z.number(),
        lower: z.number(),
      }),
      warmIsNotJeffreysUnder3PL: z.array(
        z.object({ items: rows, x: numbers, Warm: z.number(), Jeffreys: z.number() }),
      ),
    }),
  );

const figures = z.object({
  meanItems: z.number(),
  RMSE: z.number(),
  maxExposure: z.number(),
});

/** The simulation's bank, its 600 simulees and what they were given. */
export function simulation() {
  const bank = read('sim_bank', z.object({ items: rows, theta: numbers, responsesHex: z.array(z.string()) }));
  const expected = read(
    'sim_expected',
    z.object({
      sequences: z.array(z.object({ theta: z.number(), se: z.number(), items: numbers })),
      summary: figures,
      other: z.record(z.string(), figures),
    }),
  );
  const responses = bank.responsesHex.map((hex) =>
    Uint8Array.from({ length: 4 * hex.length }, (_, i) => {
      const digit = Number.parseInt(hex[i >> 2] ?? '0', 16);
      return (digit >> (3 - (i & 3))) & 1;
    }),
  );
  return {
    items: bank.items,
    thetas: bank.theta,
    respond: (simulee: number, item: number): number => responses[simulee]?.[item] ?? 0,
    ...expected,
  };
}

export const shadow = () =>
  read(
    'shadow',
    z.object({
      enemies: rows,
      cases: z.array(z.object({ theta: z.number(), administered: numbers, optimum: z.number() })),
      tolerance: z.number(),
    }),
  );
