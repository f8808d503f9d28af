const lines: string[] = require('fs').readFileSync(0, 'utf8').split('\n');
const voucher = Number(lines[0]);
const count = Number(lines[1]);
const prices = lines.slice(2, 2 + count).map(Number);

function findPair(): string {
  const places = new Map<number, number>();
  prices.forEach((price, place) => places.set(price, place));
  for (const [place, price] of prices.entries()) {
    const partner = places.get(voucher - price);
    if (partner !== undefined) return `${place + 1} ${partner + 1}`;
  }
  return 'no pair';
}

console.log(findPair());
