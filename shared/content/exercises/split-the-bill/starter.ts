function share(bill: number, people: number, tip: number): number {
  return bill / people;
}
