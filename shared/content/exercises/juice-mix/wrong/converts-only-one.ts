const lines: string[] = require('fs').readFileSync(0, 'utf8').split('\n');
const litres = Number(lines[0]) + Number(lines[1]) / 1000;
console.log(`${litres.toFixed(2)} l`);
