/** Reads source maps (ECMA-426, version 3) of one source, as swc writes them for TypeScript. */

interface Point {
  readonly line: number;
  readonly column: number;
}
interface Segment {
  /** Of the generated line, from 0. */
  readonly column: number;
  readonly source: Point;
}

/**
 * From places of generated code to those it came from; lines and columns count from 1. `exact`: only where a segment
 * starts, so that code which nobody wrote has no place; else the nearest before.
 */
export function readSourceMap(json: string): (at: Point, exact?: boolean) => Point | undefined {
  const { mappings }: { mappings?: unknown } = JSON.parse(json);
  const lines = typeof mappings === 'string' ? readMappings(mappings) : [];
  return ({ line, column }, exact = false) => {
    const segments = lines[line - 1] ?? [];
    if (exact) return segments.find((segment) => segment.column === column - 1)?.source;
    const near = segments.findLast((segment) => segment.column <= column - 1);
    return (
      near ??
      lines
        .slice(0, line - 1)
        .findLast(({ length }) => length > 0)
        ?.at(-1)
    )?.source;
  };
}

function readMappings(mappings: string): Segment[][] {
  let line = 1;
  let sourceColumn = 1;
  return mappings.split(';').map((text) => {
    let column = 0;
    return text.split(',').flatMap((group) => {
      const [columnStep = 0, , lineStep, sourceStep] = readVlq(group);
      column += columnStep;
      if (lineStep === undefined || sourceStep === undefined) return [];
      line += lineStep;
      sourceColumn += sourceStep;
      return [{ column, source: { line, column: sourceColumn } }];
    });
  });
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 VLQ: five bits a digit, the sixth says that more follow; the lowest bit of the number is its sign. */
function readVlq(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  for (const character of text) {
    const digit = digits.indexOf(character);
    value += (digit & 31) * scale;
    scale *= 32;
    if (digit & 32) continue;
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    value = 0;
    scale = 1;
  }
  return numbers;
}
