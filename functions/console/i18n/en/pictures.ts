/** Words that pictures of measurements share. */
export const pictures = {
  'picture.label': '{title}: {y} by {x}',
  'picture.theta': 'Ability θ',
  'picture.se': 'Standard error',
  'picture.plusMinus': '{value} ± {error}',
} as const;
