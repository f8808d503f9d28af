/** A number as typed; what is none stays text, so that the contract refuses it at its field. */
export const numberOf = (typed: string): number | string =>
  typed.trim() === '' || Number.isNaN(Number(typed)) ? typed : Number(typed);

export function limitsBody({ cpu_ms, memory_mb }: { cpu_ms: string; memory_mb: string }) {
  if (cpu_ms.trim() === '' && memory_mb.trim() === '') return null;
  return {
    ...(cpu_ms.trim() !== '' && { cpu_ms: numberOf(cpu_ms) }),
    ...(memory_mb.trim() !== '' && { memory_mb: numberOf(memory_mb) }),
  };
}
