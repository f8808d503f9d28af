import type { Statement } from './iam.ts';
import { asList, asText, at, type Json, textList } from './json.ts';
import type { Deployed, Model } from './model.ts';

/**
 * AWS's own policies that the template attaches. All of them grant logs, traces or image pulls, which are no AWS
 * calls on one machine.
 */
const managedPolicies: ReadonlyMap<string, readonly Statement[]> = new Map([
  ['service-role/AWSLambdaBasicExecutionRole', []],
  ['service-role/AmazonECSTaskExecutionRolePolicy', []],
  ['AWSXRayDaemonWriteAccess', []],
]);

export interface Roles {
  /** Statements by access key id, for the gateway. */
  readonly principals: ReadonlyMap<string, readonly Statement[]>;
  /** The access key id of a role, by the role's ARN. */
  keyOf(roleArn: string | undefined): string;
}

/** Policy documents come from CDK, whose types guarantee the shape of a statement. */
const statements = (document: Json | undefined): readonly Statement[] =>
  asList(at(document, 'Statement')) as unknown as readonly Statement[];

function attached(model: Model, role: Deployed): Statement[] {
  const policies = model.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy');
  const own = policies.filter(({ properties }) => textList(properties['Roles']).includes(role.ref));
  const named = textList(role.properties['ManagedPolicyArns']).flatMap((arn) => {
    const ofTemplate = policies.find(({ ref }) => ref === arn);
    if (ofTemplate !== undefined) return statements(ofTemplate.properties['PolicyDocument']);
    const known = managedPolicies.get(arn.split(':policy/').at(-1) ?? '');
    if (known === undefined) throw new Error(`${role.logicalId}: managed policy ${arn} is not known here`);
    return known;
  });
  const inline = asList(role.properties['Policies']).flatMap((one) => statements(at(one, 'PolicyDocument')));
  return [...inline, ...named, ...own.flatMap(({ properties }) => statements(properties['PolicyDocument']))];
}

/** The roles of the template: each has an access key of its own, `LOCAL<logical id>`. */
export function rolesOf(model: Model): Roles {
  const roles = model.ofType('AWS::IAM::Role').map((role) => ({
    arn: role.attribute('Arn'),
    key: `LOCAL${role.logicalId}`,
    statements: attached(model, role),
  }));
  const keys = new Map(roles.map(({ arn, key }) => [arn, key]));
  return {
    principals: new Map(roles.map((role) => [role.key, role.statements])),
    keyOf: (arn) => {
      const key = keys.get(arn ?? '');
      if (key === undefined) throw new Error(`${asText(arn) ?? 'no role'} is no role of the template`);
      return key;
    },
  };
}
