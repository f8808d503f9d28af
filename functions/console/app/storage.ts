/** Settings of this browser. Private windows may refuse storage: then they last as long as the page. */
export function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(`lyceum.${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`lyceum.${key}`);
    else localStorage.setItem(`lyceum.${key}`, value);
  } catch {
    // the setting lasts as long as the page
  }
}
