function podium(distances: number[]): number[] {
  return [...new Set(distances)].sort().reverse().slice(0, 3);
}
