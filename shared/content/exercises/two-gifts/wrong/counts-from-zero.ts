const lines: string[] = require('fs').readFileSync(0, 'utf8').split('\n');
const voucher = Number(lines[0]);
const count = Number(lines[1]);
const prices = lines.slice(2, 2 + count).map(Number);

function findPair(): string {
  const seen = new Map<number, number>();
  for (const [place, price] of prices.entries()) {
    const partner = seen.get(voucher - price);
    if (partner !== undefined) return `${partner} ${place}`;
    seen.set(price, place);
  }
  return 'no pair';
}

console.log(findPair());
