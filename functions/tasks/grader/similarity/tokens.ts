import { parser as javascriptParser } from '@lezer/javascript';
import { parser as pythonParser } from '@lezer/python';
import type { Language } from '#shared/domain/grading/types.ts';

/** One step of a program's structure, and the line where it stands (counted from 1). */
export interface Token {
  readonly text: string;
  readonly line: number;
}

interface Grammar {
  readonly parser: { parse(source: string): ReturnType<typeof pythonParser.parse> };
  /** Left out with all that is in it: what a copier rewrites without changing what the program does. */
  readonly dropped: ReadonlySet<string>;
  /** Left out, but not what is in it. */
  readonly transparent: ReadonlySet<string>;
  /** Their end counts too: where a block ends is structure. */
  readonly blocks: ReadonlySet<string>;
  /** Different words for the same. */
  readonly same: Readonly<Record<string, string>>;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));
const punctuation = '( ) [ ] { } , : ; . ?. ⚠';

const python: Grammar = {
  parser: pythonParser,
  dropped: words(`${punctuation} Comment TypeDef def return while class raise pass`),
  transparent: words('Script ParenthesizedExpression ArgList ExpressionStatement'),
  blocks: words('Body'),
  same: { FormatString: 'String', ContinuedString: 'String' },
};
const typescript: Grammar = {
  parser: javascriptParser.configure({ dialect: 'ts' }),
  dropped: words(
    `${punctuation} LineComment BlockComment Hashbang TypeAnnotation TypeParamList TypeArgList TypeName Privacy
    InterfaceDeclaration TypeAliasDeclaration function return while class throw const let var`,
  ),
  transparent: words(
    'Script ParenthesizedExpression ArgList ExpressionStatement ExportDeclaration export ForSpec',
  ),
  blocks: words('Block ClassBody'),
  same: {
    TemplateString: 'String',
    VariableDefinition: 'VariableName',
    PropertyDefinition: 'PropertyName',
  },
};
const grammars: Readonly<Record<Language, Grammar>> = {
  python,
  typescript,
  // types are dropped, so one grammar serves both, and a copy that only adds types still matches
  javascript: typescript,
};

/** Operators say what is computed: these nodes count with their text. */
const operators = /Op$|^(Arrow|Equals|BitOp|LogicOp)$/;

const isDocstring = (node: { name: string; firstChild: { name: string; to: number } | null; to: number }) =>
  node.name === 'ExpressionStatement' && node.firstChild?.name === 'String' && node.firstChild.to === node.to;

/**
 * The structure of a program as a list of tokens, read off the syntax tree from the front: kinds of statements and
 * expressions, keywords and operators. Names, literals, comments, types and layout leave no trace, so renaming,
 * rewording and reformatting change nothing. A program that does not parse gives what could be recognised.
 */
export function tokensOf(language: Language, source: string): Token[] {
  const grammar = grammars[language];
  const lineAt = lineCounter(source);
  const tokens: Token[] = [];
  grammar.parser.parse(source).iterate({
    enter(node) {
      const { name } = node;
      if (grammar.dropped.has(name) || isDocstring(node.node)) return false;
      if (grammar.transparent.has(name)) return true;
      const isOperator = operators.test(name);
      const text = isOperator ? source.slice(node.from, node.to) : (grammar.same[name] ?? name);
      tokens.push({ text, line: lineAt(node.from) });
      return !isOperator;
    },
    leave(node) {
      if (grammar.blocks.has(node.name)) tokens.push({ text: ')', line: lineAt(Math.max(0, node.to - 1)) });
    },
  });
  return tokens;
}

/** The line of an offset; offsets are asked for nearly in order. */
function lineCounter(source: string): (offset: number) => number {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
