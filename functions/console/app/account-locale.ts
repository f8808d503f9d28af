import { effect } from '@preact/signals';
import { chooseLocale, type Locale, locale } from '../i18n/index.ts';
import { api } from './api.ts';
import { updateUser, user } from './session.ts';

let chosenBeforeSignIn = false;

/** The switch: for this browser, and for the account once somebody is signed in. */
export async function switchLocale(choice: Locale): Promise<void> {
  chooseLocale(choice);
  if (user.value === undefined) chosenBeforeSignIn = true;
  else await saveLocale(choice);
}

/** Whoever signs in next keeps the language that the page has. */
export function keepLocale(): void {
  chosenBeforeSignIn = true;
}

async function saveLocale(choice: Locale): Promise<void> {
  try {
    updateUser(await api.auth.updateMe({ body: { locale: choice } }));
  } catch {
    // this browser remembers the choice; the account takes it with the next switch
  }
}

/** Whoever signs in sees their account's language, unless they have just chosen another one. */
export function followAccountLocale(): void {
  let seen: string | undefined;
  effect(() => {
    const account = user.value;
    if (account?.user_id === seen) return;
    seen = account?.user_id;
    if (!account || account.locale === locale.peek()) return;
    if (chosenBeforeSignIn) void saveLocale(locale.peek());
    else chooseLocale(account.locale);
    chosenBeforeSignIn = false;
  });
}
