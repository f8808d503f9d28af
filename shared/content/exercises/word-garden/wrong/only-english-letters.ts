const text: string = require('fs').readFileSync(0, 'utf8');

const counts = new Map<string, number>();
for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}
for (const word of [...counts.keys()].sort()) {
  const count = counts.get(word) ?? 0;
  if (count >= 2) {
    console.log(word, count);
  }
}
