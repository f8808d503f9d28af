import type { ComponentChildren } from 'preact';

interface ScrollRegionProps {
  readonly label: string;
  readonly class: string;
  readonly children: ComponentChildren;
}
/** What scrolls by itself must be reachable by keyboard, or its lower part is lost to those without a mouse. */
export const ScrollRegion = ({ label, class: name, children }: ScrollRegionProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: focus is what lets the arrow keys scroll it
  <section class={name} tabIndex={0} aria-label={label}>
    {children}
  </section>
);
