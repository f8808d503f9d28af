const lines: string[] = require('fs').readFileSync(0, 'utf8').split('\n');
const first = lines[0];
const second = lines[1];

console.log(first + ' ' + second);
