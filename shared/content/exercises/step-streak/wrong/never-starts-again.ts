const text: string = require('fs').readFileSync(0, 'utf8');
const days = text.split(/\s+/).filter((word) => word !== '').map(Number);

let good = 0;
for (const steps of days) {
  if (steps >= 8000) good += 1;
}
console.log(good, good);
