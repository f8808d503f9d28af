import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SchoolConfig } from '../school-config.ts';
import { acknowledge } from './acknowledge.ts';

/** The two secrets of a school; CloudFormation generates both and nobody has to know them beforehand. */
export class Secrets extends Construct {
  /** The signing keys of access tokens are derived from it. */
  readonly signing: Secret;
  /** `{email, password}` of the first administrator, for the one who deploys. */
  readonly firstAdmin: Secret;

  constructor(scope: Construct, id: string, school: SchoolConfig) {
    super(scope, id);
    this.signing = new Secret(this, 'SigningSecret', {
      description: `Signs the access tokens of ${school.name}`,
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
    acknowledge(this.signing, {
      'AwsSolutions-SMG4':
        'A new seed signs everyone out; keys rotate in the table (previous, current, next), derived from it.',
    });
    acknowledge(this.firstAdmin, {
      'AwsSolutions-SMG4': 'It counts at the first start only; rotating it afterwards would change nothing.',
    });
  }
}
