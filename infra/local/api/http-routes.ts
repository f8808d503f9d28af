/** A route of an HTTP API: `GET /x/{id}`, `ANY /x/{proxy+}` or `$default`. */
export interface HttpRoute<T> {
  readonly key: string;
  readonly target: T;
}

export interface RouteMatch<T> {
  readonly route: HttpRoute<T>;
  /** Values of the path's variables, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

interface Compiled<T> {
  readonly route: HttpRoute<T>;
  readonly method: string;
  readonly segments: readonly string[];
  readonly greedy: boolean;
}

const variable = /^\{([\w.-]+)(\+?)\}$/;

function compile<T>(route: HttpRoute<T>): Compiled<T> {
  const [method = 'ANY', path = '/'] = route.key.split(' ');
  const segments = path.split('/').slice(1);
  return { route, method, segments, greedy: variable.exec(segments.at(-1) ?? '')?.[2] === '+' };
}

/**
 * Precedence as in API Gateway: a full match of the path before a greedy one, literal segments before variables,
 * a named method before ANY, and `$default` last.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
function precedence<T>(one: Compiled<T>, other: Compiled<T>): number {
  if (one.greedy !== other.greedy) return one.greedy ? 1 : -1;
  for (const [index, segment] of one.segments.entries()) {
    const literal = !variable.test(segment);
    const otherLiteral = !variable.test(other.segments[index] ?? '{}');
    if (literal !== otherLiteral) return literal ? -1 : 1;
  }
  if (one.segments.length !== other.segments.length) return other.segments.length - one.segments.length;
  return Number(one.method === 'ANY') - Number(other.method === 'ANY');
}

/** `undefined` for a malformed escape, which API Gateway hands on as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function match<T>(
  compiled: Compiled<T>,
  method: string,
  segments: readonly string[],
): RouteMatch<T> | undefined {
  if (compiled.method !== 'ANY' && compiled.method !== method) return undefined;
  const fixed = compiled.greedy ? compiled.segments.length - 1 : compiled.segments.length;
  if (compiled.greedy ? segments.length <= fixed : segments.length !== fixed) return undefined;
  const parameters: Record<string, string> = {};
  for (let index = 0; index < fixed; index += 1) {
    const pattern = compiled.segments[index] ?? '';
    const actual = segments[index] ?? '';
    const name = variable.exec(pattern)?.[1];
    if (name === undefined ? pattern !== actual : actual === '') return undefined;
    if (name !== undefined) parameters[name] = decode(actual);
  }
  if (!compiled.greedy) return { route: compiled.route, parameters };
  const rest = segments.slice(fixed).join('/');
  const name = variable.exec(compiled.segments.at(-1) ?? '')?.[1] ?? 'proxy';
  return rest === ''
    ? undefined
    : { route: compiled.route, parameters: { ...parameters, [name]: decode(rest) } };
}

/** Finds the route that API Gateway would choose for a method and a path. */
export function createRouter<T>(
  routes: readonly HttpRoute<T>[],
): (method: string, path: string) => RouteMatch<T> | undefined {
  const ordered = routes
    .filter(({ key }) => key !== '$default')
    .map(compile)
    .sort(precedence);
  const fallback = routes.find(({ key }) => key === '$default');
  return (method, path) => {
    const segments = path.split('/').slice(1);
    for (const compiled of ordered) {
      const found = match(compiled, method, segments);
      if (found !== undefined) return found;
    }
    return fallback === undefined ? undefined : { route: fallback, parameters: {} };
  };
}
