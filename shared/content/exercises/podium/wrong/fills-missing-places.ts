function podium(distances: number[]): number[] {
  const sorted = [...new Set(distances)].sort((a, b) => b - a);
  const result: number[] = [];
  for (let place = 0; place < 3; place += 1) {
    result.push(sorted[place] || 0);
  }
  return result;
}
