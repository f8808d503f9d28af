export { backward, forward } from './network';
export { adam, blend } from './optimizer';
export { tanhRows } from './tanh';

/** Where the host's part of memory begins. */
export const heapBase: usize = __heap_base;
