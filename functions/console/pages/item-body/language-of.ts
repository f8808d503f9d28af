/** The language that authors most probably wrote in, so that it is read aloud as what it is; undefined: no words. */
export function languageOf(text: string): 'en' | 'ko' | undefined {
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  return /\p{Script=Latin}{3,}/u.test(text) ? 'en' : undefined;
}
