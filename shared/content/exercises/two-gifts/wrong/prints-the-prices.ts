const lines: string[] = require('fs').readFileSync(0, 'utf8').split('\n');
const voucher = Number(lines[0]);
const count = Number(lines[1]);
const prices = lines.slice(2, 2 + count).map(Number);

function findPair(): string {
  const seen = new Set<number>();
  for (const price of prices) {
    if (seen.has(voucher - price)) return `${voucher - price} ${price}`;
    seen.add(price);
  }
  return 'no pair';
}

console.log(findPair());
