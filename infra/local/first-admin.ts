import { DomainError } from '#shared/errors.ts';
import { Failure } from './failure.ts';

/**
 * The value of the secret with the first administrator's sign-in, when the environment gives it. It is held to the
 * rules of every other account before anything is kept: a secret that was once made stays.
 */
export async function firstAdminOf(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const email = environment['LYCEUM_ADMIN_EMAIL'];
  const password = environment['LYCEUM_ADMIN_PASSWORD'];
  if (!email && !password) return undefined;
  if (!email || !password)
    throw new Failure('LYCEUM_ADMIN_EMAIL and LYCEUM_ADMIN_PASSWORD must be given together.');
  // loaded at the first start only
  const rules = await import('#shared/contracts/auth.ts');
  const { refuseWeakPassword } = await import('#shared/identity/password.ts');
  const address = rules.email.safeParse(email);
  if (!address.success) throw new Failure(`LYCEUM_ADMIN_EMAIL must be an e-mail address, not "${email}".`);
  const chosen = rules.newPassword.safeParse(password);
  if (!chosen.success)
    throw new Failure(`LYCEUM_ADMIN_PASSWORD cannot be used: ${chosen.error.issues[0]?.message}.`);
  try {
    refuseWeakPassword(password, { email: address.data }, []);
  } catch (error) {
    if (error instanceof DomainError)
      throw new Failure(`LYCEUM_ADMIN_PASSWORD cannot be used: ${error.message}.`);
    throw error;
  }
  return JSON.stringify({ email: address.data, password, chosen: true });
}
