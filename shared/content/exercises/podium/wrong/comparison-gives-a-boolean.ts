function podium(distances: any[]): number[] {
  const compare: any = (a: number, b: number) => a < b;
  return [...new Set(distances)].sort(compare).slice(0, 3);
}
