function share(bill: number, people: number, tip: number = 10): number {
  if (people === 0) {
    return 0;
  }
  return Math.round(((bill + (bill * tip) / 100) / people) * 10) / 10;
}
