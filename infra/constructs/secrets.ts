import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SchoolConfig } from '../school-config.ts';
import { acknowledge } from './acknowledge.ts';

/** The secrets of a school; CloudFormation generates them and nobody has to know them beforehand. */
export class Secrets extends Construct {
  /** The signing keys of access tokens are derived from it. */
  readonly signing: Secret;
  /** The keys of grade receipts are derived from it; nothing else is, so that who reads it can sign nothing else. */
  readonly receipts: Secret;
  /** The seeds of the episodes on which boards rank policies are derived from it. */
  readonly boards: Secret;
  /** `{email, password}` of the first administrator, for the one who deploys. */
  readonly firstAdmin: Secret;
  /** CloudFront sends it with every request, so that the API can tell who came through the front door. */
  readonly origin: Secret;

  constructor(scope: Construct, id: string, school: SchoolConfig) {
    super(scope, id);
    this.signing = new Secret(this, 'SigningSecret', {
      description: `Signs the access tokens of ${school.name}`,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.receipts = new Secret(this, 'ReceiptSecret', {
      description: `Signs the grade receipts of ${school.name}`,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.boards = new Secret(this, 'BoardSecret', {
      description: `Hides the episodes of the leaderboards of ${school.name}`,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.firstAdmin = new Secret(this, 'FirstAdmin', {
      description: `One-time sign-in of the first administrator of ${school.name}`,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ email: school.admin_email }),
        generateStringKey: 'password',
        passwordLength: 20,
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.origin = new Secret(this, 'OriginSecret', {
      description: `Tells the API of ${school.name} which requests come through CloudFront`,
      generateSecretString: { passwordLength: 40, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(this.origin, {
      'AwsSolutions-SMG4':
        'It only makes the viewer’s address believable for throttling; a new one needs a deployment on both sides.',
    });
    acknowledge(this.signing, {
      'AwsSolutions-SMG4':
        'A new seed signs everyone out; keys rotate in the table (previous, current, next), derived from it.',
    });
    acknowledge(this.receipts, {
      'AwsSolutions-SMG4':
        'Receipts have to stay verifiable; a new seed takes effect by itself, and old public keys stay in the table.',
    });
    acknowledge(this.boards, {
      'AwsSolutions-SMG4': 'With a new one the lines of a board were no longer played on the same episodes.',
    });
    acknowledge(this.firstAdmin, {
      'AwsSolutions-SMG4': 'It counts at the first start only; rotating it afterwards would change nothing.',
    });
  }
}
