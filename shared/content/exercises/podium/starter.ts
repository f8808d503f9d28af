function podium(distances: number[]): number[] {
  return distances.slice(0, 3);
}
