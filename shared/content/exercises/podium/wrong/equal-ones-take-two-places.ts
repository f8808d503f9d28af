function podium(distances: number[]): number[] {
  return [...distances].sort((a, b) => b - a).slice(0, 3);
}
