function podium(distances: number[]): number[] {
  const different: number[] = [...new Set(distances)];
  return different.sort((a, b) => b - a).slice(0, 3);
}
