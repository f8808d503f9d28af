const text: string = require('fs').readFileSync(0, 'utf8');
const days = text.split(' ').map(Number);

let good = 0;
for (const steps of days) {
  if (steps > 8000) {
    good = good + 1;
  }
}
console.log(good);
