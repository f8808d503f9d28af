import type { FunctionName } from '../bundles.ts';
import type { Finding, Named, SchoolTemplates } from './template.ts';

/** What the checks need of a contract: which function serves which operations. */
export type ServedDomains = Readonly<
  Record<
    string,
    {
      readonly function: FunctionName;
      readonly contract: Readonly<Record<string, { readonly method: string; readonly path: string }>>;
    }
  >
>;

interface Route {
  readonly id: string;
  readonly key: string;
  readonly service: string;
}

/** Every operation falls under exactly one route and its own function, and no route is without an operation. */
export function routes(school: SchoolTemplates, domains: ServedDomains): Finding[] {
  const all = httpRoutes(school);
  const used = new Set<string>();
  const wrong = Object.values(domains).flatMap((domain) =>
    Object.entries(domain.contract).flatMap(([name, { method, path }]): Finding[] => {
      const matching = mostSpecific(all, method, path);
      for (const { id } of matching) used.add(id);
      const [route] = matching;
      const finding = (message: string) => ({
        rule: 'routes',
        resource: name,
        message: `${method} ${path} ${message}`,
      });
      if (route === undefined) return [finding('has no route')];
      if (matching.length > 1) return [finding(`has ${matching.length} routes`)];
      return route.service === domain.function
        ? []
        : [finding(`goes to ${route.service}, not ${domain.function}`)];
    }),
  );
  // `/x` and `/x/{proxy+}` stand for one prefix: either may be without an operation of its own.
  const usedPrefixes = new Set(all.filter(({ id }) => used.has(id)).map(({ key }) => prefixOf(key)));
  const unused = all
    .filter(({ key }) => !usedPrefixes.has(prefixOf(key)))
    .map(({ id, key }) => ({ rule: 'routes', resource: id, message: `${key} has no operation` }));
  return [...wrong, ...unused];
}

function httpRoutes(school: SchoolTemplates): Route[] {
  return school
    .ofType('AWS::ApiGatewayV2::Route')
    .filter(({ properties }) => school.target(properties['ApiId'])?.properties['ProtocolType'] === 'HTTP')
    .map((route) => ({
      id: route.id,
      key: school.text(route.properties['RouteKey']),
      service: serviceOf(school, route),
    }));
}

function serviceOf(school: SchoolTemplates, route: Named): string {
  const integration = school.target(route.properties['Target']);
  const fn = school.target(integration?.properties['IntegrationUri']);
  const variables = fn?.properties['Environment'];
  const [, service = ''] =
    /"POWERTOOLS_SERVICE_NAME":"([a-z-]+)"/.exec(JSON.stringify(variables ?? {})) ?? [];
  return service;
}

/** API Gateway's order: a full match, then the greedy variable with the longest prefix, then `$default`. */
function mostSpecific(all: readonly Route[], method: string, path: string): Route[] {
  const scored = all.flatMap((route) => {
    const score = matchScore(route.key, method, path);
    return score === undefined ? [] : [{ route, score }];
  });
  const best = Math.max(...scored.map(({ score }) => score));
  return scored.filter(({ score }) => score === best).map(({ route }) => route);
}

function matchScore(key: string, method: string, path: string): number | undefined {
  if (key === '$default') return 0;
  const [verb = '', pattern = ''] = key.split(' ');
  if (verb !== 'ANY' && verb !== method) return undefined;
  const prefix = prefixOf(pattern);
  if (prefix === pattern) return pattern === path ? 10_000 : undefined;
  return path.startsWith(`${prefix}/`) ? prefix.length : undefined;
}

const prefixOf = (key: string): string => key.replace(/\/\{proxy\+\}$/, '');
