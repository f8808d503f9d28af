export { divergences, information, shares, variances } from './logistic';
export { multiply } from './products';
export { dot, dotThrice, find } from './sums';
export { logarithms, powers } from './transcendental';
export { addPairs } from './pairs';
export { addPosterior, addRows, addToRows } from './posterior';
export { addScores, addSquare } from './scores';

/** Where the host's part of memory begins. */
export const heapBase: usize = __heap_base;
