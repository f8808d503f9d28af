import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { FunctionName } from '../bundles.ts';
import type { SchoolConfig } from '../school-config.ts';
import { acknowledge } from './acknowledge.ts';
import { logGroup } from './log-group.ts';
import type { SchoolFunction } from './school-function.ts';

/** Which function answers below which paths; the one without prefixes answers everything else. */
export type Domains = Readonly<
  Record<string, { readonly function: FunctionName; readonly prefixes: readonly string[] }>
>;

/** The HTTP API: two routes a prefix, because `/x/{proxy+}` does not match `/x` itself. */
export class SchoolHttpApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(
    scope: Construct,
    id: string,
    props: { school: SchoolConfig; domains: Domains; functionOf: (name: FunctionName) => SchoolFunction },
  ) {
    super(scope, id);
    const domains = Object.values(props.domains);
    const rest = domains.filter(({ prefixes }) => prefixes.length === 0);
    const [fallback] = rest;
    if (fallback === undefined || rest.length > 1)
      throw new Error('Exactly one domain must have no prefixes.');
    const integrations = new Map(
      domains.map((domain) => [domain.function, integration(props.functionOf(domain.function))]),
    );

    this.api = new HttpApi(this, 'Api', {
      apiName: `lyceum-${props.school.name}-http`,
      createDefaultStage: false,
      defaultIntegration: integrations.get(fallback.function),
    });
    for (const { function: name, prefixes } of domains) {
      for (const path of prefixes.flatMap((prefix) => [prefix, `${prefix}/{proxy+}`])) {
        const target = integrations.get(name);
        if (target) this.api.addRoutes({ path, methods: [HttpMethod.ANY], integration: target });
      }
    }
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: false,
      throttle: { rateLimit: 1000, burstLimit: 2000 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup(this, 'AccessLogs', props.school)),
        format: AccessLogFormat.custom(accessLogFormat),
      },
    });
    this.#acknowledge();
  }

  #acknowledge(): void {
    acknowledge(this.api, {
      'AwsSolutions-APIG4':
        'Each function verifies the token itself (65 µs) and denies by default: a JWT authorizer answers 403 for 401, ' +
        'and its cache outlives the token.',
    });
  }
}

function integration(fn: SchoolFunction): HttpLambdaIntegration {
  return new HttpLambdaIntegration(`${fn.name}-integration`, fn.lambda, {
    payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    timeout: Duration.seconds(29),
    // A permission for each route would pass 500 resources near 290 operations.
    scopePermissionToRoute: false,
  });
}

/** One JSON line a request: what operations need, no address, no query (they could hold personal data). */
const accessLogFormat = JSON.stringify({
  at: '$context.requestTime',
  request_id: '$context.requestId',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  latency_ms: '$context.responseLatency',
  integration_ms: '$context.integrationLatency',
  error: '$context.integrationErrorMessage',
});
