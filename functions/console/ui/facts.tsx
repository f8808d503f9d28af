import type { ComponentChildren } from 'preact';

export type Labelled = readonly [label: string, value: string];

/** The rules of something that is taken, in one line each. */
export const RulesCard = ({ facts, label }: { facts: readonly Labelled[]; label?: string }) => (
  <dl class="rules card" aria-label={label}>
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

/** Sums that one looks at first, each a card. */
export const Figures = ({ figures }: { figures: readonly Labelled[] }) => (
  <dl class="figures">
    {figures.map(([label, value]) => (
      <div key={label} class="card figure-card">
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

/** A line of a list of facts. */
export const Fact = ({ label, children }: { label: string; children: ComponentChildren }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);
