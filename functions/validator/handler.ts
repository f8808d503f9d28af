import { dynamoDb } from '#shared/aws/clients.ts';
import { validationContract } from '#shared/contracts/validation.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { createTable } from '#shared/table/table.ts';
import { assets } from './assets.ts';
import { createParsers } from './parsers.ts';
import { type ValidatorWorld, validate } from './validate.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'SCHOOL_SETTINGS');
const table = createTable(dynamoDb(), env.TABLE_NAME);
const world: ValidatorWorld = {
  parsers: createParsers(assets),
  source_characters: env.SCHOOL_SETTINGS.limits.source_characters,
};
const { authenticate } = createIdentity(table, env.SCHOOL);

export const handler = serve(validationContract, { authenticate })({
  validate: ({ body }) => validate(world, body),
});
