const text: string = require('fs').readFileSync(0, 'utf8');

const counts = new Map<string, number>();
for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}
for (const [word, count] of counts) {
  if (count >= 2) {
    console.log(word, count);
  }
}
