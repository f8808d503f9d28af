import { RANDOM_STATE_LENGTH } from '../random/pcg64.ts';
import type { SnapshotSection } from '../snapshot.ts';
import type { Environment, EnvironmentState } from './environment.ts';
import type { VectorEnvironment } from './vector.ts';

/** Environments as sections of a snapshot: state vector, steps in the episode, generator, in this order. */

export function environmentSection(name: string, environment: Environment): SnapshotSection {
  const { stateLength } = environment.model;
  return {
    name,
    shape: [savedLength(stateLength)],
    read: () => toNumbers(environment.getState()),
    write: (saved) => environment.setState(fromNumbers(saved, stateLength)),
  };
}

/** One row for each copy: the same, then its return so far. */
export function vectorEnvironmentSection(name: string, vector: VectorEnvironment): SnapshotSection {
  const { stateLength } = vector.model;
  const length = savedLength(stateLength) + 1;
  return {
    name,
    shape: [vector.count, length],
    read: () => {
      const { environments, returns } = vector.getState();
      return environments.flatMap((state, i) => [...toNumbers(state), returns[i] ?? 0]);
    },
    write: (saved) => {
      const rows = Array.from({ length: vector.count }, (_, i) =>
        saved.subarray(i * length, (i + 1) * length),
      );
      vector.setState({
        environments: rows.map((row) => fromNumbers(row.subarray(0, length - 1), stateLength)),
        returns: rows.map((row) => row[length - 1] ?? 0),
      });
    },
  };
}

function savedLength(stateLength: number): number {
  return stateLength + 1 + RANDOM_STATE_LENGTH;
}

function toNumbers({ state, elapsedSteps, random }: EnvironmentState): number[] {
  return [...state, elapsedSteps, ...random];
}

function fromNumbers(saved: Float64Array, stateLength: number): EnvironmentState {
  return {
    state: [...saved.subarray(0, stateLength)],
    elapsedSteps: saved[stateLength] ?? 0,
    random: [...saved.subarray(stateLength + 1)],
  };
}
