import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { App, Validations } from 'aws-cdk-lib/core';
import { type Bundles, bundlesIn, projectRoot, requireBundles } from './bundles.ts';
import type { Domains } from './constructs/http-api.ts';
import { readSchool, type SchoolConfig } from './school-config.ts';
import { SchoolStage } from './school-stage.ts';

export interface SynthInput {
  /** The name of a school, or a whole configuration. */
  readonly school: string | SchoolConfig;
  /** Default: `cdk.out` in the project. */
  readonly outdir?: string;
  /** Default: the project's own, in `dist`. */
  readonly bundles?: Bundles;
  /** Default: those of the contracts. */
  readonly domains?: Domains;
  /** Run CDK's validator and cdk-nag, and fail on any finding. Default: true. */
  readonly validate?: boolean;
}

/**
 * Synthesises one school without the CDK command, Docker or a network. Returns the folder of the stage's
 * assembly: its manifest.json lists the Data and the App stack.
 */
export async function synth(input: SynthInput): Promise<string> {
  const { app, stage } = await schoolApp(input);
  return app.synth().getNestedAssembly(stage.artifactId).directory;
}

/** The CDK app of one school; `cdk` runs it through `infra/app.ts`. */
export async function schoolApp(input: SynthInput): Promise<{ app: App; stage: SchoolStage }> {
  const validate = input.validate ?? true;
  const app = new App({
    outdir: input.outdir ?? (process.env['CDK_OUTDIR'] || join(projectRoot, 'cdk.out')),
    // The CDK command passes cdk.json's context itself; a direct synth has to.
    context: cdkContext(),
    builtinCloudFormationValidation: validate,
    treeMetadata: false,
    analyticsReporting: false,
  });
  const school = typeof input.school === 'string' ? readSchool(input.school) : input.school;
  const bundles = requireBundles(input.bundles ?? bundlesIn());
  const domains = input.domains ?? (await import('#shared/contracts/index.ts')).domains;
  const stage = new SchoolStage(app, { school, bundles, domains });
  if (validate) await addRulePacks(app);
  return { app, stage };
}

async function addRulePacks(app: App): Promise<void> {
  // Loaded only here: without them a synthesis is 0.2 s quicker.
  const { AwsSolutionsChecks, ServerlessChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}

function cdkContext(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')).context;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { school: { type: 'string', default: 'demo' }, out: { type: 'string' } },
  });
  // Loaded only here: what synthesises needs neither esbuild nor the checks.
  const [{ build }, { readableCode, verify }] = await Promise.all([
    import('./build.ts'),
    import('./verify.ts'),
  ]);
  const { school, out: outdir } = values;
  await build();
  const assembly = await synth({ school, outdir });
  const findings = verify({ school, assembly, codeOf: await readableCode() });
  for (const { rule, resource, message } of findings) console.error(`${rule}: ${resource}: ${message}`);
  if (findings.length > 0) throw new Error(`${findings.length} findings.`);
  console.log(`No findings. ${assembly}`);
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
