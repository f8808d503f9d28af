import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { loadAssembly } from './assembly.ts';
import { type DataFolder, FolderInUse, openDataFolder, schoolIn } from './data-folder.ts';
import { Failure } from './failure.ts';
import { adminKeyId, localSecret } from './gateway.ts';
import { openGround } from './ground.ts';
import { asObject, asText, at } from './json.ts';
import { labelOf } from './lambda/functions.ts';
import { applyTemplates, type Model } from './model.ts';
import { assemblyOf } from './prepare.ts';
import { openStores } from './stores.ts';

const runSchema = z.object({ pid: z.int(), gateway: z.string(), assembly: z.string() });

/** A way to a school's data, for commands of its operator. */
export interface Connection {
  /** Environment of a function (`Auth`), with the administrator's key in place of its role's. */
  variablesOf(functionLabel: string): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Leaves word where this run's services listen, for `connect`. */
export function announceRun(
  data: DataFolder,
  run: { gateway: string; assembly: string },
): { withdraw(): void } {
  writeFileSync(data.at('run.json'), JSON.stringify({ pid: process.pid, ...run }));
  return { withdraw: () => rmSync(data.at('run.json'), { force: true }) };
}

/** Reaches the school of a data folder: through the platform that runs on it, else by opening its stores alone. */
export async function connect(path: string): Promise<Connection> {
  const school = schoolIn(path);
  if (school === undefined)
    throw new Failure(`${resolve(path)} holds no school. Name its folder with --data.`);
  try {
    return await openAlone(openDataFolder({ path, school, fresh: false }), school);
  } catch (error) {
    if (error instanceof FolderInUse) return throughRun(resolve(path));
    throw error;
  }
}

function throughRun(path: string): Connection {
  const file = join(path, 'run.json');
  if (!existsSync(file)) throw new Failure(`${path} is being started or stopped. Try again in a moment.`);
  const { gateway, assembly } = runSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const model = applyTemplates({ stacks: loadAssembly(assembly), gateway });
  return { variablesOf: (label) => variables(model, gateway, label), close: async () => {} };
}

async function openAlone(data: DataFolder, school: string): Promise<Connection> {
  const stacks = loadAssembly(await assemblyOf(school, data, () => {}));
  const quiet = { data, adversity: undefined, log: () => {} };
  const ground = await openGround({ ...quiet, stacks, firstAdmin: undefined });
  const stores = await openStores({ ...quiet, ground, onWrite: () => {} });
  return {
    variablesOf: (label) => variables(ground.model, ground.gateway.url, label),
    close: async () => {
      await ground.gateway.close();
      await stores.close();
      data.close();
    },
  };
}

function variables(model: Model, gateway: string, label: string): Record<string, string> {
  const target = model.ofType('AWS::Lambda::Function').find(({ logicalId }) => labelOf(logicalId) === label);
  if (target === undefined) throw new Error(`There is no function ${label}`);
  const own = Object.entries(asObject(at(target.properties['Environment'], 'Variables')));
  return {
    ...Object.fromEntries(own.map(([name, value]) => [name, asText(value) ?? ''])),
    AWS_REGION: model.region,
    AWS_ACCESS_KEY_ID: adminKeyId,
    AWS_SECRET_ACCESS_KEY: localSecret,
    AWS_ENDPOINT_URL: gateway,
  };
}
