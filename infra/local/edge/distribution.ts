import type { Answer, Exchange } from '../api/exchange.ts';
import type { WebSocketApi } from '../api/websocket-api.ts';
import { asList, asText, at, type Json, textList } from '../json.ts';
import type { Deployed, Model } from '../model.ts';
import { createEdgeFunction, type EdgeFunction } from './edge-function.ts';
import { managedPolicies, policyHeaders, withPolicy } from './response-headers.ts';
import type { Site } from './static-site.ts';

/** Where the requests of a behaviour go. */
export type Origin =
  | { readonly kind: 'http'; readonly handle: (exchange: Exchange) => Promise<Answer> }
  | { readonly kind: 'websocket'; readonly api: WebSocketApi }
  | { readonly kind: 'site'; readonly site: Site };

interface Behaviour {
  readonly matches: (path: string) => boolean;
  readonly methods: readonly string[];
  readonly origin: Origin;
  readonly viewerRequest: EdgeFunction | undefined;
  readonly headers: ReturnType<typeof policyHeaders>;
}

export interface Distribution {
  /** The first behaviour whose path pattern fits: what it does with a request, or its WebSocket API. */
  readonly handle: (exchange: Exchange) => Promise<Answer>;
  readonly webSocketFor: (path: string) => WebSocketApi | undefined;
}

/** `*` is any text, `?` one character; the pattern covers the whole path and is case-sensitive. */
function pathPattern(pattern: string): (path: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^/?${source.replace(/^\//, '')}$`, 's');
  return (path) => expression.test(path);
}

/** Implements the behaviours of an AWS::CloudFront::Distribution. Nothing is cached here: origins are as near. */
export function createDistribution(
  model: Model,
  distribution: Deployed,
  originOf: (domainName: string) => Origin,
): Distribution {
  const config = distribution.properties['DistributionConfig'];
  const domains = new Map(
    asList(at(config, 'Origins')).map((one) => [asText(at(one, 'Id')), asText(at(one, 'DomainName')) ?? '']),
  );
  const policies = headerPolicies(model);
  const functions = edgeFunctions(model);

  const behaviour = (one: Json | undefined, pattern: string): Behaviour => {
    const target = asText(at(one, 'TargetOriginId'));
    const domain = domains.get(target);
    if (domain === undefined) throw new Error(`Behaviour ${pattern} names no known origin`);
    const attached = asList(at(one, 'FunctionAssociations')).map((association) => {
      if (asText(at(association, 'EventType')) !== 'viewer-request')
        throw new Error('Only viewer-request functions are handled');
      return functions.get(asText(at(association, 'FunctionARN')) ?? '');
    });
    const policy = asText(at(one, 'ResponseHeadersPolicyId'));
    const headers = policy === undefined ? [] : policies.get(policy);
    if (headers === undefined)
      throw new Error(`Behaviour ${pattern} uses an unknown response headers policy ${policy}`);
    const methods = textList(at(one, 'AllowedMethods'));
    return {
      matches: pathPattern(pattern),
      methods: methods.length === 0 ? ['GET', 'HEAD'] : methods,
      origin: originOf(domain),
      viewerRequest: attached[0],
      headers,
    };
  };

  const behaviours = [
    ...asList(at(config, 'CacheBehaviors')).map((one) =>
      behaviour(one, asText(at(one, 'PathPattern')) ?? '*'),
    ),
    behaviour(at(config, 'DefaultCacheBehavior'), '*'),
  ];
  const rootObject = asText(at(config, 'DefaultRootObject'));
  const errorPages = new Map(
    asList(at(config, 'CustomErrorResponses')).map((one) => [at(one, 'ErrorCode'), one] as const),
  );
  const behaviourFor = (path: string) => behaviours.find(({ matches }) => matches(path));

  const fromSite = async (site: Site, exchange: Exchange): Promise<Answer> => {
    const path = exchange.path === '/' && rootObject !== undefined ? `/${rootObject}` : exchange.path;
    const answer = await site(exchange, objectKey(path));
    const page = errorPages.get(answer.status);
    const instead = asText(at(page, 'ResponsePagePath'));
    if (page === undefined || instead === undefined) return answer;
    const replaced = await site(exchange, objectKey(instead));
    return { ...replaced, status: Number(asText(at(page, 'ResponseCode')) ?? answer.status) };
  };

  const respond = async (
    { origin, viewerRequest, methods }: Behaviour,
    viewer: Exchange,
  ): Promise<Answer> => {
    if (!methods.includes(viewer.method)) return text(403, 'This distribution does not allow this method');
    const exchange = viewerRequest === undefined ? viewer : viewerRequest(viewer);
    if ('status' in exchange) return exchange;
    if (origin.kind === 'http') return origin.handle(exchange);
    return origin.kind === 'site' ? fromSite(origin.site, exchange) : text(426, 'Upgrade Required');
  };

  return {
    webSocketFor: (path) => {
      const origin = behaviourFor(path)?.origin;
      return origin?.kind === 'websocket' ? origin.api : undefined;
    },
    handle: async (viewer) => {
      const chosen = behaviourFor(viewer.path);
      if (chosen === undefined) return text(404, 'Not Found');
      const answer = await respond(chosen, viewer);
      return { ...answer, headers: withPolicy(answer.headers, chosen.headers) };
    },
  };
}

const text = (status: number, message: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: Buffer.from(message),
});

function objectKey(path: string): string {
  try {
    return decodeURIComponent(path).replace(/^\//, '');
  } catch {
    return path.replace(/^\//, '');
  }
}

function headerPolicies(model: Model): Map<string, ReturnType<typeof policyHeaders>> {
  const own = model
    .ofType('AWS::CloudFront::ResponseHeadersPolicy')
    .map(({ ref, properties }) => [ref, policyHeaders(properties['ResponseHeadersPolicyConfig'])] as const);
  return new Map([...managedPolicies, ...own]);
}

function edgeFunctions(model: Model): Map<string, EdgeFunction> {
  return new Map(
    model
      .ofType('AWS::CloudFront::Function')
      .map((one) => [one.ref, createEdgeFunction(asText(one.properties['FunctionCode']) ?? '')]),
  );
}
