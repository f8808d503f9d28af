export { backward, forward } from './network';
export { adam, blend } from './optimizer';
export { tanhRows } from './tanh';
