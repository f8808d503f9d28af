function share(bill: number, people: number, tip: number): number {
  if (people === 0) {
    return 0;
  }
  return (bill + (bill * tip) / 100) / people;
}
