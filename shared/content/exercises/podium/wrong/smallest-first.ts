function podium(distances: number[]): number[] {
  return [...new Set(distances)].sort((a, b) => a - b).slice(0, 3);
}
