const text: string = require('fs').readFileSync(0, 'utf8');

const counts: any = {};
for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
  counts[word] = (counts[word] || 0) + 1;
}
for (const word of Object.keys(counts).sort()) {
  if (counts[word] >= 2) {
    console.log(word, counts[word]);
  }
}
