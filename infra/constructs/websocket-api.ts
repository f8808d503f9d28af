import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import type { SchoolConfig } from '../school-config.ts';
import { acknowledge } from './acknowledge.ts';
import type { SchoolFunction } from './school-function.ts';

/** The WebSocket API; the stage is named `ws`, so that CloudFront can pass the path `/ws` on unchanged. */
export class SchoolWebSocketApi extends Construct {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;

  constructor(scope: Construct, id: string, school: SchoolConfig) {
    super(scope, id);
    this.api = new WebSocketApi(this, 'Api', {
      apiName: `lyceum-${school.name}-websocket`,
      routeSelectionExpression: '$request.body.action',
    });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: 'ws',
      autoDeploy: true,
      throttle: { rateLimit: 1000, burstLimit: 2000 },
    });
    acknowledge(this.api, {
      'AwsSolutions-APIG4':
        '$connect consumes a single-use ticket and checks the Origin; later frames belong to that connection.',
    });
    const unlogged =
      'WebSocket access logs need an account-wide role that no single school may own; the function logs.';
    acknowledge(this.stage, { 'AwsSolutions-APIG1': unlogged, 'Serverless-APIGWAccessLogging': unlogged });
  }

  /** Sends connects, disconnects and every frame to one function. */
  handledBy(fn: SchoolFunction): void {
    const integration = new WebSocketLambdaIntegration('Integration', fn.lambda);
    for (const route of ['$connect', '$disconnect', '$default']) this.api.addRoute(route, { integration });
  }
}
