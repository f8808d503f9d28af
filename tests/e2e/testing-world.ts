/** Item banks and plans of tests, made through the API. */
import { authContract } from '#shared/contracts/auth.ts';
import { itemBankOperations } from '#shared/contracts/item-banks.ts';
import { createClient } from '#shared/http/client.ts';
import { password } from './world.ts';

export async function accessOf(
  origin: string,
  login: { readonly email: string } | { readonly username: string },
) {
  const { access_token } = await createClient(authContract, { origin }).login({
    body: { ...login, password },
  });
  return { origin, token: () => access_token };
}

const modules = ['Loops', 'Functions', 'Strings', 'Numbers'];

/** A published bank of choices, of which the first option is right, with difficulties from −2.5 to 2.5. */
export async function aBank(
  origin: string,
  teacher: string,
  { name, items }: { readonly name: string; readonly items: number },
): Promise<string> {
  const banks = createClient(itemBankOperations, await accessOf(origin, { email: teacher }));
  const { bank_id } = await banks.createItemBank({ body: { name } });
  const rows = Array.from({ length: items }, (_, n) => ({
    kind: 'choice',
    external_id: `q-${n}`,
    body: `Question ${n} of \`${items}\`: which one is $${n}$?`,
    options: [0, 1, 2, 3].map((more) => String(n + more)),
    key: 0,
    parameters: { model: '2PL', a: 0.8 + (n % 5) * 0.2, b: -2.5 + (5 * n) / Math.max(1, items - 1) },
    status: 'live',
    module: modules[n % modules.length],
  }));
  await banks.importItems({
    params: { bank_id },
    body: { format: 'json', content: JSON.stringify(rows), dry_run: false },
  });
  await banks.publishItemBank({ params: { bank_id }, body: { note: '' } });
  return bank_id;
}
