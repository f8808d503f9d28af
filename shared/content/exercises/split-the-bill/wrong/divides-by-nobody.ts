function share(bill: number, people: number, tip: number = 10): number {
  return (bill + (bill * tip) / 100) / people;
}
