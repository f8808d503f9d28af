const text: string = require('fs').readFileSync(0, 'utf8');

const words: string[] = text.split(' ');
for (const word of words) {
  console.log(word);
}
