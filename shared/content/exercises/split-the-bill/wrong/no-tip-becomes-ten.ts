function share(bill: number, people: number, tip?: number): number {
  if (people === 0) {
    return 0;
  }
  const percent = tip || 10;
  return (bill + (bill * percent) / 100) / people;
}
