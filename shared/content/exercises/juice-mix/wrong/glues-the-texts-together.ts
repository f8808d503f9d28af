const lines: string[] = require('fs').readFileSync(0, 'utf8').split('\n');
const first: any = lines[0];
const second: any = lines[1];

const litres = Number(first + second) / 1000;
console.log(`${litres.toFixed(2)} l`);
