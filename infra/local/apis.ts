import type { Adversity } from './adverse.ts';
import { createConnectionsService } from './api/connections-service.ts';
import { createHttpApi, type Integration, longestIntegrationMs } from './api/http-api.ts';
import type { HttpRoute } from './api/http-routes.ts';
import { WebSocketApi } from './api/websocket-api.ts';
import { deployedBuckets, siteOf } from './custom-resources.ts';
import { createDistribution, type Distribution, type Origin } from './edge/distribution.ts';
import type { Ground } from './ground.ts';
import { asNumber, asText } from './json.ts';
import type { LambdaFunction } from './lambda/function.ts';
import type { Functions } from './lambda/functions.ts';
import type { Deployed, Model } from './model.ts';

export interface Apis {
  readonly distribution: Distribution;
  readonly webSockets: readonly WebSocketApi[];
  /** Functions that a browser waits for. */
  readonly fronting: readonly LambdaFunction[];
}

/** The APIs of the template and the distribution before them. */
export function createApis(
  { model, gateway }: Ground,
  functions: Functions,
  adversity: Adversity | undefined,
): Apis {
  const apis = model.ofType('AWS::ApiGatewayV2::Api');
  const origins = new Map<string, Origin>();
  const webSockets: WebSocketApi[] = [];
  const fronting = new Set<LambdaFunction>();

  for (const one of apis) {
    const routes = routesOf(model, functions, one.ref);
    for (const { target } of routes) fronting.add(target.target);
    if (one.properties['ProtocolType'] === 'HTTP') {
      const handle = createHttpApi({ apiId: one.ref, accountId: model.accountId, routes });
      origins.set(hostOf(one), { kind: 'http', handle });
      continue;
    }
    const api = new WebSocketApi({
      apiId: one.ref,
      stage: stageOf(model, one.ref),
      routeSelection: asText(one.properties['RouteSelectionExpression']) ?? '$request.body.action',
      routes: new Map(routes.map(({ key, target }) => [key, target.target])),
    });
    webSockets.push(api);
    origins.set(hostOf(one), { kind: 'websocket', api });
    const place = { api, apiId: one.ref, region: model.region, accountId: model.accountId };
    const loses = adversity === undefined ? {} : { loses: adversity.losesConnection };
    gateway.register('execute-api', createConnectionsService({ ...place, ...loses }));
  }
  for (const bucket of model.ofType('AWS::S3::Bucket')) {
    origins.set(bucket.attribute('RegionalDomainName'), { kind: 'site', site: siteOf(model, bucket.ref) });
  }

  const [front] = model.ofType('AWS::CloudFront::Distribution');
  if (front === undefined) throw new Error('The template has no CloudFront distribution');
  const used = new Set<string>();
  const distribution = createDistribution(model, front, (domainName) => {
    const origin = origins.get(domainName);
    if (origin === undefined) throw new Error(`The distribution's origin ${domainName} is not handled`);
    used.add(domainName);
    return origin;
  });
  for (const bucket of model.ofType('AWS::S3::Bucket')) {
    if (deployedBuckets(model).has(bucket.ref) && !used.has(bucket.attribute('RegionalDomainName'))) {
      throw new Error(
        `Files deployed into ${bucket.logicalId}, which is no origin of the distribution, are not handled`,
      );
    }
  }
  return { distribution, webSockets, fronting: [...fronting] };
}

const hostOf = (api: Deployed): string => new URL(api.attribute('ApiEndpoint')).host;

/** Host names of the template's APIs, and what stands in for them here. */
export function localEndpoints(
  model: Model,
  gateway: string,
  frontDoor: string,
): ReadonlyMap<string, string> {
  return new Map(
    model
      .ofType('AWS::ApiGatewayV2::Api')
      .map((one) => [
        `https://${hostOf(one)}`,
        one.properties['ProtocolType'] === 'HTTP' ? frontDoor : gateway,
      ]),
  );
}

function routesOf(model: Model, functions: Functions, apiId: string): HttpRoute<Integration>[] {
  const integrations = new Map(
    model.ofType('AWS::ApiGatewayV2::Integration').map((one) => [one.ref, one.properties]),
  );
  return model
    .ofType('AWS::ApiGatewayV2::Route')
    .filter(({ properties }) => properties['ApiId'] === apiId)
    .map(({ properties, logicalId }) => {
      const integration = integrations.get((asText(properties['Target']) ?? '').replace('integrations/', ''));
      if (integration === undefined) throw new Error(`Route ${logicalId} has no integration`);
      const target = functions.byArn(asText(integration['IntegrationUri']) ?? '');
      const timeoutMs = asNumber(integration['TimeoutInMillis']) ?? longestIntegrationMs;
      return { key: asText(properties['RouteKey']) ?? '', target: { target, timeoutMs } };
    });
}

function stageOf(model: Model, apiId: string): string {
  const stage = model
    .ofType('AWS::ApiGatewayV2::Stage')
    .find(({ properties }) => properties['ApiId'] === apiId);
  if (stage === undefined) throw new Error(`API ${apiId} has no stage`);
  return stage.ref;
}
