const text: string = require('fs').readFileSync(0, 'utf8');
const days = text.split(/\s+/).filter((word) => word !== '').map(Number);

let longest = 0;
let streak = 0;
let good = 0;
for (const steps of days) {
  if (steps > 8000) {
    good += 1;
    streak += 1;
    longest = Math.max(longest, streak);
  } else {
    streak = 0;
  }
}
console.log(longest, good);
