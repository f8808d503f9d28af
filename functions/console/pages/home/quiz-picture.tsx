const options = [false, true, false] as const;

/** A question with three options, one of them chosen, as it looks from afar. */
export const QuizPicture = () => (
  <svg class="program-picture quiz-picture" viewBox="0 0 220 132" aria-hidden="true">
    <rect class="window" x="0.5" y="0.5" width="219" height="131" rx="10" />
    <rect class="plain" x="18" y="18" width="130" height="7" rx="3.500" />
    <rect class="plain" x="18" y="32" width="84" height="7" rx="3.500" />
    {options.map((isChosen, row) => (
      <g key={row} transform={`translate(18 ${56 + row * 22})`}>
        <circle class={isChosen ? 'dot chosen' : 'dot'} cx="7" cy="7" r="6.500" />
        {isChosen && <path class="tick" d="M4 7.300l2.200 2.200L10.300 5" />}
        <rect class="plain" x="22" y="4" width={[96, 124, 72][row]} height="6" rx="3" />
      </g>
    ))}
  </svg>
);
