import { readSchool } from './school-config.ts';
import { schoolApp } from './synth.ts';

/** The entry point of the CDK command: `npx cdk synth|diff|deploy -c school=<name>`. */
const context: { school?: string } = JSON.parse(process.env['CDK_CONTEXT_JSON'] ?? '{}');
const { app } = await schoolApp({ school: readSchool(context.school ?? 'demo') });
app.synth();
