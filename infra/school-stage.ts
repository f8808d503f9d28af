import { Stage, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Bundles } from './bundles.ts';
import type { Domains } from './constructs/http-api.ts';
import type { SchoolConfig } from './school-config.ts';
import { AppStack } from './stacks/app.ts';
import { DataStack } from './stacks/data.ts';

export interface SchoolStageProps {
  readonly school: SchoolConfig;
  readonly bundles: Bundles;
  readonly domains: Domains;
}

/** One school: a stack with what it must never lose, and a stack with everything else. */
export class SchoolStage extends Stage {
  readonly data: DataStack;
  readonly app: AppStack;

  constructor(scope: Construct, props: SchoolStageProps) {
    const { school, bundles, domains } = props;
    // Without an account in the environment nothing has to be looked up while synthesising.
    super(scope, `lyceum-${school.name}`, { env: { region: school.region } });
    Tags.of(this).add('lyceum:school', school.name);
    this.data = new DataStack(this, 'Data', { school, terminationProtection: true });
    const { table, artifacts, failures } = this.data;
    this.app = new AppStack(this, 'App', { school, bundles, domains, table, artifacts, failures });
    this.app.addStackDependency(this.data);
  }
}
