/** Words that pictures of measurements share. */
export const pictures = {
  'picture.numbersOf': 'Numbers of the picture: {title}',
  'picture.label': '{title}: {y} by {x}',
  'picture.theta': 'Ability θ',
  'picture.se': 'Standard error',
  'picture.plusMinus': '{value} ± {error}',
} as const;
