import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface PageHeadProps {
  readonly title: string;
  readonly lead?: ComponentChildren;
  readonly back?: { readonly href: string; readonly label: string };
  /** The page's actions, the primary one last. */
  readonly children?: ComponentChildren;
}

let firstPage = true;

/** The heading takes the focus when the page changes, so that a screen reader announces where one is. */
export function PageHead({ title, lead, back, children }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  useEffect(() => {
    document.title = `${title} · Lyceum`;
  }, [title]);
  return (
    <header class="page-head">
      <div class="grow">
        {back && (
          <a class="crumb" href={back.href}>
            <Icon name="back" size={16} />
            {back.label}
          </a>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead !== undefined && <div class="lead">{lead}</div>}
      </div>
      {children && <div class="row">{children}</div>}
    </header>
  );
}
