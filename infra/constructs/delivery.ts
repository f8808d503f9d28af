import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  type IOrigin,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Aws, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { originHeader } from '#shared/contracts/operation.ts';
import type { Bundles } from '../bundles.ts';
import type { SchoolConfig } from '../school-config.ts';
import { acknowledge, acknowledgeWildcard } from './acknowledge.ts';
import type { SchoolHttpApi } from './http-api.ts';
import { logGroup } from './log-group.ts';
import type { SchoolWebSocketApi } from './websocket-api.ts';

export interface DeliveryProps {
  readonly school: SchoolConfig;
  readonly bundles: Bundles;
  readonly http: SchoolHttpApi;
  readonly websocket: SchoolWebSocketApi;
  readonly originSecret: ISecret;
}

/**
 * The console's own paths have no dot and get its page; a file that does not exist stays a 404, and so does
 * an unknown path of the API, which this function never sees.
 */
export const pageRouter = `function handler(event) {
  var request = event.request;
  if (request.uri.indexOf('.') === -1) {
    request.uri = /^\\/docs(\\/|$)/.test(request.uri) ? '/docs/index.html' : '/index.html';
  }
  return request;
}`;

/** One origin for everything: the console, the HTTP API, the WebSocket API and the API reference. */
export class Delivery extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    const { school } = props;
    const bucket = consoleBucket(this);
    const pages = S3BucketOrigin.withOriginAccessControl(bucket);
    const http = new HttpOrigin(hostOf(props.http.api.apiEndpoint), {
      customHeaders: { [originHeader]: props.originSecret.secretValue.unsafeUnwrap() },
    });
    const websocket = new HttpOrigin(hostOf(props.websocket.api.apiEndpoint));
    const router = new EdgeFunction(this, 'PageRouter', {
      code: FunctionCode.fromInline(pageRouter),
      runtime: FunctionRuntime.JS_2_0,
      comment: 'Paths without a dot are pages',
    });
    const routed = [{ function: router, eventType: FunctionEventType.VIEWER_REQUEST }];
    const headers = (id: string, options: HeaderOptions) => securityHeaders(this, id, school, options);
    const reference = headers('ReferenceHeaders', { cache: 'no-cache', styles: "'self' 'unsafe-inline'" });
    const assets = headers('AssetHeaders', { cache: 'public, max-age=31536000, immutable' });

    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Lyceum of ${school.name}`,
      domainNames: [school.domain],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', school.certificate_arn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      // Class 200 is the cheapest that has locations in Korea and Japan.
      priceClass: PriceClass.PRICE_CLASS_200,
      defaultBehavior: {
        ...staticFiles(pages),
        responseHeadersPolicy: headers('PageHeaders', { cache: 'no-cache' }),
        functionAssociations: routed,
      },
      additionalBehaviors: {
        '/assets/*': { ...staticFiles(pages), responseHeadersPolicy: assets },
        '/docs*': { ...staticFiles(pages), responseHeadersPolicy: reference, functionAssociations: routed },
        '/api/*': passedThrough(http),
        '/.well-known/*': passedThrough(http),
        '/ws': passedThrough(websocket),
      },
    });
    this.#deploy(bucket, props);
    this.#acknowledge();
  }

  #deploy(bucket: Bucket, { bundles, school }: DeliveryProps): void {
    const deployment = new BucketDeployment(this, 'Console', {
      sources: [Source.asset(bundles.console)],
      destinationBucket: bucket,
      // A page that is open during a deploy still loads its own chunks.
      prune: false,
      distribution: this.distribution,
      distributionPaths: ['/index.html', '/docs/*'],
      memoryLimit: 512,
      logGroup: logGroup(this, 'ConsoleDeploymentLogs', school),
    });
    acknowledgeDeployment(deployment, bucket);
  }

  #acknowledge(): void {
    acknowledge(this.distribution, {
      'AwsSolutions-CFR1': 'Families travel; a school is open to its people wherever they are.',
      'AwsSolutions-CFR2':
        'A web ACL costs more a month than a small school; the API throttles, and sign-in has its own token bucket.',
      'AwsSolutions-CFR3':
        'Access logs would keep children’s addresses; the API’s own log has what operations need.',
    });
  }
}

function consoleBucket(scope: Construct): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    // A bucket with files cannot be deleted: keeping it lets the stack go without a function that empties it.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(bucket, {
    'AwsSolutions-S1': 'It holds the public console only, and CloudFront alone may read it.',
  });
  return bucket;
}

/** The library makes the function that copies the console; its role and runtime are not ours to narrow. */
function acknowledgeDeployment(deployment: BucketDeployment, bucket: Bucket): void {
  const provider = deployment.handlerRole.node.scope;
  if (provider === undefined) throw new Error('The console’s deployment has no provider.');
  const fixed =
    'The console’s deployment function comes with the construct library: it is pinned, runs while deploying';
  acknowledge(provider, {
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]': `${fixed}, and writes its log lines with this policy.`,
    'AwsSolutions-IAM5[Action::s3:GetBucket*]': `${fixed}, and reads the settings of the asset and console buckets.`,
    'AwsSolutions-IAM5[Action::s3:GetObject*]': `${fixed}, and reads the asset and the console bucket.`,
    'AwsSolutions-IAM5[Action::s3:List*]': `${fixed}, and compares the console bucket with the asset.`,
    'AwsSolutions-IAM5[Action::s3:Abort*]': `${fixed}, and gives up multipart uploads to the console bucket.`,
    'AwsSolutions-IAM5[Action::s3:DeleteObject*]': `${fixed}; pruning is off, so that it deletes nothing.`,
    'AwsSolutions-IAM5[Resource::*]': `${fixed}, and a new distribution’s invalidation names no resource.`,
    'AwsSolutions-L1': `${fixed}, in the Python that the library chose for it.`,
    'Serverless-LambdaLatestVersion': `${fixed}, in the Python that the library chose for it.`,
    'Serverless-LambdaDLQ': `${fixed}, synchronously: a failure fails the deployment.`,
    'Serverless-LambdaTracing': `${fixed}: CloudFormation shows how long it took.`,
  });
  const assets = `arn:aws:s3:::cdk-hnb659fds-assets-${Aws.ACCOUNT_ID}-${Stack.of(deployment).region}/*`;
  acknowledgeWildcard(provider, assets, `${fixed}, and reads the console from the account’s asset bucket.`);
  acknowledgeWildcard(provider, bucket.arnForObjects('*'), `${fixed}, and writes the console’s files.`);
}

/** `https://x.execute-api…` or `wss://x.execute-api…` to its host. */
function hostOf(endpoint: string): string {
  return Fn.select(2, Fn.split('/', endpoint));
}

function staticFiles(origin: IOrigin): BehaviorOptions {
  return {
    origin,
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
    compress: true,
  };
}

function passedThrough(origin: IOrigin): BehaviorOptions {
  return {
    origin,
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    responseHeadersPolicy: ResponseHeadersPolicy.SECURITY_HEADERS,
    allowedMethods: AllowedMethods.ALLOW_ALL,
  };
}

interface HeaderOptions {
  readonly cache: string;
  /** Sources of styles. Default: `'self'`. */
  readonly styles?: string;
}

function securityHeaders(scope: Construct, id: string, school: SchoolConfig, options: HeaderOptions) {
  const policy = {
    'default-src': "'self'",
    // Older Safari does not count wss: as 'self'.
    'connect-src': `'self' wss://${school.domain}`,
    'img-src': "'self' data:",
    'style-src': options.styles ?? "'self'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  };
  const contentSecurityPolicy = Object.entries(policy)
    .map((directive) => directive.join(' '))
    .join('; ');
  return new ResponseHeadersPolicy(scope, id, {
    comment: `${Stack.of(scope).stackName} ${id}`,
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.days(365),
        includeSubdomains: true,
        override: true,
      },
    },
    customHeadersBehavior: {
      customHeaders: [
        { header: 'Cache-Control', value: options.cache, override: true },
        { header: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()', override: true },
        { header: 'Cross-Origin-Opener-Policy', value: 'same-origin', override: true },
      ],
    },
  });
}
