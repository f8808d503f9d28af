/** Lines of a program as they look from afar: indentation in units, then words as widths with their colours. */
const lines: readonly (readonly [
  indent: number,
  ...words: readonly (readonly [width: number, color: string])[],
])[] = [
  [0, [26, 'keyword'], [34, 'function'], [30, 'plain']],
  [1, [22, 'plain'], [10, 'plain'], [18, 'number']],
  [1, [20, 'keyword'], [24, 'plain'], [18, 'keyword'], [40, 'plain']],
  [2, [22, 'plain'], [14, 'plain'], [44, 'plain']],
  [1, [34, 'keyword'], [22, 'plain']],
  [0],
  [0, [30, 'function'], [62, 'string']],
];

export const ProgramPicture = () => (
  <svg class="program-picture" viewBox="0 0 220 132" aria-hidden="true">
    <rect class="window" x="0.5" y="0.5" width="219" height="131" rx="10" />
    {lines.map(([indent, ...words], row) => {
      let x = 18 + indent * 16;
      return words.map(([width, color]) => {
        const word = (
          <rect key={`${row}.${x}`} class={color} x={x} y={18 + row * 14.5} width={width} height="6" rx="3" />
        );
        x += width + 7;
        return word;
      });
    })}
  </svg>
);
