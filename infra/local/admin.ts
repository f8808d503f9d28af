import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { resetCodeWrite } from '#shared/identity/reset-code.ts';
import { createTable, type Table } from '#shared/table/table.ts';
import { claims, users } from '#shared/table/user.ts';
import { readSchool } from '../school-config.ts';
import { connect } from './connect.ts';
import { Failure, messageOf } from './failure.ts';

const usage = `Help for who is locked out

  npm run admin -- reset EMAIL [--data FOLDER | --school NAME]

  --data FOLDER   a school on this machine, running or not (.lyceum)
  --school NAME   a deployed school of infra/schools/NAME.json; needs the aws command and credentials

Prints a one-time code: "Use a one-time code" on the sign-in page sets a new password with it.
`;

interface OpenTable {
  readonly table: Table;
  close(): Promise<void>;
}

function open(config: DynamoDBClientConfig, name: string, close = async () => {}): OpenTable {
  const client = new DynamoDBClient(config);
  return {
    table: createTable(client, name),
    close: async () => {
      client.destroy();
      await close();
    },
  };
}

async function tableHere(folder: string): Promise<OpenTable> {
  const connection = await connect(folder);
  const { TABLE_NAME, AWS_REGION, AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } =
    connection.variablesOf('Auth');
  return open(
    {
      ...(AWS_REGION && { region: AWS_REGION }),
      ...(AWS_ENDPOINT_URL && { endpoint: AWS_ENDPOINT_URL }),
      credentials: { accessKeyId: AWS_ACCESS_KEY_ID ?? '', secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '' },
    },
    TABLE_NAME ?? '',
    () => connection.close(),
  );
}

/** The table of a deployed school, as CloudFormation knows it. */
function tableOfSchool(name: string): OpenTable {
  const { region, table } = readSchool(name);
  if (table) return open({ region }, table.name);
  const query = "StackResourceSummaries[?contains(ResourceType, 'DynamoDB')].PhysicalResourceId | [0]";
  const stack = ['--stack-name', `lyceum-${name}-Data`, '--region', region];
  const command = ['cloudformation', 'list-stack-resources', ...stack, '--query', query, '--output', 'text'];
  const { stdout, status, error } = spawnSync('aws', command, { encoding: 'utf8' });
  const found = stdout?.trim();
  if (error || status !== 0 || !found)
    throw new Failure(
      `The table of ${name} was not found: is the aws command here, and may it read the stack?`,
    );
  return open({ region }, found);
}

async function reset(table: Table, email: string): Promise<void> {
  const claim = await table.get(claims, { kind: 'email', value: email }, { consistent: true });
  const user = claim && (await table.get(users, claim, { consistent: true }));
  if (!user) throw new Failure(`Nobody has the e-mail address ${email}.`);
  if (user.disabled)
    throw new Failure(`The account of ${email} is disabled; an administrator has to enable it.`);
  const { write, code, expires_at } = resetCodeWrite(table, { user_id: user.user_id, now: new Date() });
  await table.write(write);
  console.log(`One-time code for ${email}, good until ${expires_at}:\n\n  ${code}\n`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: '.lyceum' },
      school: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [command, email, ...rest] = positionals;
  if (values.help) return void console.log(usage);
  if (command !== 'reset' || email === undefined || rest.length > 0) throw new Failure(usage);
  const { table, close } =
    values.school === undefined ? await tableHere(values.data) : tableOfSchool(values.school);
  try {
    await reset(table, email);
  } finally {
    await close();
  }
}

await main().catch((error: unknown) => {
  console.error(`✗ ${messageOf(error)}`);
  process.exitCode = 1;
});
