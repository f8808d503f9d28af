/** GetRandomPassword, and GenerateSecretString of AWS::SecretsManager::Secret, which has the same options. */
import { randomInt } from 'node:crypto';
import { AwsError } from '../aws/call.ts';

export interface PasswordOptions {
  readonly PasswordLength?: number;
  readonly ExcludeCharacters?: string;
  readonly ExcludeNumbers?: boolean;
  readonly ExcludePunctuation?: boolean;
  readonly ExcludeUppercase?: boolean;
  readonly ExcludeLowercase?: boolean;
  readonly IncludeSpace?: boolean;
  readonly RequireEachIncludedType?: boolean;
}

const lowercase = 'abcdefghijklmnopqrstuvwxyz';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

export const randomPassword = (options: PasswordOptions): string => {
  const length = options.PasswordLength ?? 32;
  const excluded = options.ExcludeCharacters ?? '';
  const types = [
    options.ExcludeLowercase === true ? '' : lowercase,
    options.ExcludeUppercase === true ? '' : lowercase.toUpperCase(),
    options.ExcludeNumbers === true ? '' : '0123456789',
    options.ExcludePunctuation === true ? '' : punctuation,
    options.IncludeSpace === true ? ' ' : '',
  ]
    .map((characters) => [...characters].filter((character) => !excluded.includes(character)))
    .filter((characters) => characters.length > 0);
  const required = options.RequireEachIncludedType === false ? [] : types;
  if (types.length === 0 || length < Math.max(1, required.length) || length > 4_096) {
    throw new AwsError('InvalidParameterException', 'These options allow no password.');
  }
  const all = types.flat();
  const characters = [
    ...required.map(pick),
    ...Array.from({ length: length - required.length }, () => pick(all)),
  ];
  return shuffled(characters).join('');
};

const pick = (characters: readonly string[]): string => characters[randomInt(characters.length)] ?? '';

/** Fisher-Yates, so that the required types do not stand in front. */
const shuffled = (characters: readonly string[]): string[] => {
  const result = [...characters];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [result[last], result[other]] = [result[other] ?? '', result[last] ?? ''];
  }
  return result;
};
