/**
 * Does together what comes in one go, each once. `work` gives what failed, by name; who came for a name hears of its
 * failure only.
 */
export function together(work: (names: readonly string[]) => Promise<ReadonlyMap<string, unknown>>) {
  const names = new Set<string>();
  let done: ReturnType<typeof work> | undefined;
  return async (name: string): Promise<void> => {
    names.add(name);
    done ??= new Promise<void>(setImmediate).then(() => work([...names]));
    const failures = await done;
    if (failures.has(name)) throw failures.get(name);
  };
}
