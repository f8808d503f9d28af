import { micromark } from 'micromark';
import { type ComponentChildren, h } from 'preact';
import { useMemo } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { Formula } from '../item-body/formula.tsx';
import { mathHtml, mathSyntax } from '../item-body/math-syntax.ts';

/** Headings start below the title of the page. */
const elements: Readonly<Record<string, string>> = {
  H1: 'h2',
  H2: 'h2',
  H3: 'h3',
  H4: 'h3',
  H5: 'h3',
  H6: 'h3',
  P: 'p',
  UL: 'ul',
  LI: 'li',
  BLOCKQUOTE: 'blockquote',
  CODE: 'code',
  EM: 'em',
  STRONG: 'strong',
  BR: 'br',
  HR: 'hr',
};

/**
 * Text that people wrote, as Markdown. Raw HTML in it shows as text (micromark), and from what micromark makes only
 * the elements above are rebuilt, without any of their attributes: nothing in it can run, load or style anything.
 */
export const Markdown = ({ text, lang, formulas = 'none' }: MarkdownProps) => {
  const content = useMemo(() => rebuild(parse(text, formulas), formulas), [text, formulas]);
  return (
    <div class="markdown" lang={lang}>
      {content}
    </div>
  );
};

type Formulas = 'none' | 'shown' | 'inName';
interface MarkdownProps {
  readonly text: string;
  /** Its language, where that is known. */
  readonly lang?: string | undefined;
  /**
   * Whether `$…$` is a formula, and whether the whole names a control. Default: none; programs and prices are full of
   * dollars.
   */
  readonly formulas?: Formulas;
}

const withFormulas = { extensions: [mathSyntax], htmlExtensions: [mathHtml] };

const parse = (text: string, formulas: Formulas): ChildNode[] => {
  const html = micromark(text, formulas === 'none' ? undefined : withFormulas);
  return [...new DOMParser().parseFromString(html, 'text/html').body.childNodes];
};

const rebuild = (nodes: Iterable<ChildNode>, formulas: Formulas): ComponentChildren[] =>
  [...nodes].map((node) => (node instanceof Element ? element(node, formulas) : node.textContent));

function element(node: Element, formulas: Formulas): ComponentChildren {
  const content = rebuild(node.childNodes, formulas);
  if (node.tagName === 'A')
    return <OutsideLink href={node.getAttribute('href') ?? ''}>{content}</OutsideLink>;
  if (node.tagName === 'PRE') return <pre class="code-block">{node.textContent?.replace(/\n$/, '')}</pre>;
  // a picture from elsewhere would tell its owner who reads this: its description stands for it
  if (node.tagName === 'IMG') return node.getAttribute('alt');
  if (node.tagName === 'SPAN') return formula(node.textContent ?? '', formulas === 'inName');
  const name = elements[node.tagName];
  if (node.tagName === 'OL') return <ol start={Number(node.getAttribute('start') ?? 1)}>{content}</ol>;
  return name === undefined ? content : h(name, null, content);
}

function formula(source: string, inName: boolean): ComponentChildren {
  const display = source.startsWith('$$');
  const edge = display ? 2 : 1;
  return <Formula tex={source.slice(edge, -edge)} display={display} inName={inName} />;
}

function OutsideLink({ href, children }: { href: string; children: ComponentChildren }) {
  if (!/^https?:\/\//.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
      <span class="visually-hidden"> {t('exercise.newWindow')}</span>
    </a>
  );
}
