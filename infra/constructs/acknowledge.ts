import { Stack, Validations } from 'aws-cdk-lib/core';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';

/** Accepts the named findings of a rule pack on one construct; `findings` maps each id to its reason. */
export function acknowledge(scope: IConstruct, findings: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(findings)) Validations.of(scope).acknowledge({ id, reason });
}

/**
 * Accepts a wildcard in one resource of a policy. cdk-nag names the finding after the resource as it stands
 * in the template, and a reference to another stack has its final form only when CDK validates the tree.
 */
export function acknowledgeWildcard(scope: IConstruct, resource: string, reason: string): void {
  scope.node.addValidation({
    validate: () => {
      const written = flattenCfnReference(Stack.of(scope).resolve(resource));
      acknowledge(scope, { [`AwsSolutions-IAM5[Resource::${written}]`]: reason });
      return [];
    },
  });
}
