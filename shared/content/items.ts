import { readdir, readFile } from 'node:fs/promises';
import * as z from 'zod';
import { type StartingBank, startingBank } from './starting-bank.ts';

/** The item banks that a school starts with: a file for each, named by its slug. */
const itemBanksFolder = new URL('./items/', import.meta.url);

/** The item banks of a folder, by slug. For builds and tests: it reads files that no bundle carries. */
export async function readItemBanks(folder: URL = itemBanksFolder): Promise<StartingBank[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return await Promise.all(files.map((name) => readItemBank(folder, name)));
}

async function readItemBank(folder: URL, name: string): Promise<StartingBank> {
  const parsed = startingBank.safeParse(JSON.parse(await readFile(new URL(name, folder), 'utf8')));
  if (!parsed.success) throw new Error(`The item bank ${name}: ${z.prettifyError(parsed.error)}`);
  if (`${parsed.data.slug}.json` !== name)
    throw new Error(`The item bank ${name}: the slug is not the file’s name`);
  return parsed.data;
}
