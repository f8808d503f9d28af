const lines: string[] = require('fs').readFileSync(0, 'utf8').split('\n');
const first: number = Number(lines[0]);
const second: number = Number(lines[1]);

const litres: number = (first + second) / 1000;
console.log(`${litres.toFixed(2)} l`);
