import type { pictures as english } from '../en/pictures.ts';
import type { Translated } from '../translated.ts';

export const pictures: Translated<typeof english> = {
  'picture.label': '{title}: {x}에 따른 {y}',
  'picture.theta': '능력 θ',
  'picture.se': '표준오차',
  'picture.plusMinus': '{value} ± {error}',
};
