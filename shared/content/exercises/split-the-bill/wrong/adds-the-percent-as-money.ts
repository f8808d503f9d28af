function share(bill: number, people: number, tip: number = 10): number {
  if (people === 0) {
    return 0;
  }
  return (bill + tip) / people;
}
