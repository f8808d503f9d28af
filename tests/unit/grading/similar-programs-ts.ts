/** Word counts in TypeScript: a program, the same in disguise, and somebody else's. */
export const wordsTs = `
function tokenize(text) {
  const words = [];
  for (const line of text.split('\\n')) {
    for (const word of line.trim().split(' ')) {
      if (word !== '') words.push(word.toLowerCase());
    }
  }
  return words;
}

function countWords(words) {
  const counts = new Map();
  for (const word of words) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

export function mostFrequent(text, limit) {
  const counts = countWords(tokenize(text));
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted.slice(0, limit).map((entry) => entry[0]);
}
`;

export const wordsTsDisguised = `
// top words
type Counts = Map<string, number>;

function tally(list: string[]): Counts {
  let m: Counts = new Map<string, number>();
  for (const w of list) {
    m.set(w, ((m.get(w) ?? 0) + 1)); // one more
  }
  return m;
}

/* splits */
function parts(src: string): string[] {
  let result: string[] = [];
  for (const row of src.split("\\n")) {
    for (const piece of row.trim().split(" ")) {
      if (piece !== "") result.push(piece.toLowerCase());
    }
  }
  return result;
}

export function mostFrequent(input: string, n: number): string[] {
  let table = tally(parts(input));
  let ranked = [...table].sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1));
  return ranked.slice(0, n).map((pair) => pair[0]);
}
`;

export const wordsTsHonest = `
export function mostFrequent(text: string, limit: number): string[] {
  const counts: Record<string, number> = {};
  const words = text.toLowerCase().match(/\\S+/g) ?? [];
  words.forEach((w) => {
    if (w in counts) counts[w]++;
    else counts[w] = 1;
  });
  const result: string[] = [];
  while (result.length < limit) {
    let best: string | undefined;
    for (const w of Object.keys(counts).sort()) {
      if (best === undefined || counts[w] > counts[best]) best = w;
    }
    if (best === undefined) break;
    result.push(best);
    delete counts[best];
  }
  return result;
}
`;
