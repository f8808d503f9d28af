import * as z from 'zod';
import { type Responses, responsesOf } from '#shared/domain/irt/index.ts';
import { read } from './recorded.ts';

const numbers = z.array(z.number());
const table = z.object({ patterns: z.array(z.string()), counts: numbers });

const estimates = z.object({ a: numbers, b: numbers, logLik: z.number(), se_a: numbers, se_d: numbers });

const set = z.object({
  data: table.nullable(),
  rows: z.array(z.string()).optional(),
  exact: z.object({ twoPL: estimates, onePL: estimates }),
  ltm: z.object({ a: numbers }).nullable(),
});

/** LSAT6, LSAT7, Abortion and 1,000 simulated persons with what maximises their likelihood. */
export function dichotomousSets() {
  const { sets } = read('calibration2pl', z.object({ sets: z.record(z.string(), set) }));
  return Object.entries(sets).map(([name, { data, rows, exact, ltm }]) => ({
    name,
    responses: data === null ? responsesOf(rows ?? []) : responsesOf(data.patterns, data.counts),
    ...exact,
    ltm,
  }));
}

export function dichotomousSet(name: string) {
  const found = dichotomousSets().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no set ${name}`);
  return found;
}

export const guessing = () =>
  read(
    'calibration3pl',
    z.object({
      rows: z.array(z.string()),
      mirt: z.object({ logPost: z.number() }),
      exactCheck: z.object({ logLik: z.number(), a: numbers, b: numbers, c: numbers }),
    }),
  );

const polytomousModel = z.object({
  IRTpars: z.array(numbers),
  logLik: z.number(),
  AIC: z.number(),
  BIC: z.number(),
});

/** The Science data: four items of four categories, with mirt's calibrations. */
export function science() {
  const { science: found } = read(
    'polytomous',
    z.object({ science: z.object({ graded: polytomousModel, gpcm: polytomousModel, data: table }) }),
  );
  const { patterns, counts } = found.data;
  return { responses: responsesOf(patterns, counts), GRM: found.graded, GPCM: found.gpcm };
}

const fitSet = z.object({
  patterns: z.array(z.string()),
  EAP: z.array(z.tuple([z.number(), z.number()])),
  Zh_at_EAP: numbers,
  outfit_at_EAP: numbers,
  infit_at_EAP: numbers,
  S_X2: numbers,
  S_X2_df: numbers,
  S_X2_p: numbers,
  item_Zh: numbers,
  item_outfit: numbers,
  item_infit: numbers,
  M2: z.object({
    M2: z.number(),
    df: z.number(),
    p: z.number(),
    RMSEA: z.number(),
    SRMSR: z.number(),
    TLI: z.number(),
    CFI: z.number(),
  }),
  empirical_rxx: z.number(),
  marginal_rxx: z.number(),
  ctt: z.object({
    itemstats: z.object({
      mean: numbers,
      sd: numbers,
      'total.r': numbers,
      'total.r_if_rm': numbers,
      alpha_if_rm: numbers,
    }),
    alpha: z.number(),
    mean: z.number(),
    sd: z.number(),
  }),
});

/** mirt's fit of the LSAT data, beside the data. */
export function lsatFits() {
  const { sets } = read('fit', z.object({ sets: z.record(z.string(), fitSet) }));
  return Object.entries(sets).map(([name, fit]) => ({ fit, ...dichotomousSet(name) }));
}

export const persons = () =>
  read(
    'personfit',
    z.object({
      cases: z.array(
        z.object({
          x: numbers,
          note: z.string(),
          estimator: z.enum(['MLE', 'MAP', 'WLE']),
          theta: z.number(),
          l0: z.number(),
          lz: z.number(),
          lzStar: z.number(),
          outfit: z.number(),
          infit: z.number(),
        }),
      ),
    }),
  ).cases;

/** Ten items with R's tests; items 2 (harder) and 6 (flatter) work differently in the focal group. */
export function dif(): { responses: Responses; focal: boolean[]; results: z.infer<typeof difResult>[] } {
  const { data, results } = read(
    'dif',
    z.object({
      data: z.object({ reference: z.array(z.string()), focal: z.array(z.string()) }),
      results: z.array(difResult),
    }),
  );
  const rows = [...data.reference, ...data.focal];
  return { responses: responsesOf(rows), focal: rows.map((_, r) => r >= data.reference.length), results };
}

const difResult = z.object({
  item: z.number(),
  MH_alpha: z.number(),
  MH_delta: z.number(),
  MH_chi2_cc: z.number(),
  MH_p: z.number(),
  logistic: z.object({
    dev0: z.number(),
    dev1: z.number(),
    dev2: z.number(),
    LR_uniform: z.number(),
    LR_nonuniform: z.number(),
    coef2: numbers,
  }),
});

const scale = z.object({ A: z.number(), B: z.number(), criterion: z.number().optional() });
const scales = z.object({ meanSigma: scale, meanMean: scale, stockingLord: scale, haebara: scale });
const items = z
  .object({ a: numbers, b: numbers, c: numbers })
  .transform(({ a, b, c }) =>
    a.map((slope, i) => ({ model: '3PL' as const, a: slope, b: b[i] ?? Number.NaN, c: c[i] ?? Number.NaN })),
  );

export const linking = () =>
  read(
    'linking',
    z.object({
      data: z.object({ old: items, new_exact: items, new_noisy: items }),
      results: z.object({ exact: scales, noisy: scales }),
    }),
  );

export const responseTime = () =>
  read(
    'misc',
    z.object({
      responseTime: z.object({
        alpha: numbers,
        beta: numbers,
        seconds: numbers,
        tau: z.number(),
        se: z.number(),
      }),
    }),
  ).responseTime;
