const lines: string[] = require('fs').readFileSync(0, 'utf8').split('\n');
const voucher = Number(lines[0]);
const count = Number(lines[1]);
const prices = lines.slice(2, 2 + count).map(Number);

function findPair(): string {
  for (const [place, price] of prices.entries()) {
    const partner = prices.indexOf(voucher - price);
    if (partner !== -1 && partner !== place && prices[partner] !== price) {
      return `${place + 1} ${partner + 1}`;
    }
  }
  return 'no pair';
}

console.log(findPair());
