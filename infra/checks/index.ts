import { deadLetters, retained, sameStatefulIds, tableKeys, visibility } from './durability.ts';
import { apiTimeouts, containers, environments, eventSources, schedules, sizes } from './limits.ts';
import { lostGrants } from './lost-grant.ts';
import {
  actionsExist,
  alarmTopics,
  invocationPermissions,
  narrowGrants,
  passedRoles,
  permissionSources,
  sourcePermissions,
  trustPrincipals,
} from './permissions.ts';
import { routes, type ServedDomains } from './routes.ts';
import { type Finding, SchoolTemplates, type Templates } from './template.ts';

export { distinctNames } from './names.ts';
export { type Finding, readTemplates, SchoolTemplates } from './template.ts';

export interface CheckInput {
  readonly templates: Templates;
  readonly domains: ServedDomains;
  /** The code of a bundle, by the name of its function or task. */
  readonly codeOf: (workload: string) => string;
  /** The logical ids of stateful resources that are in use. */
  readonly statefulIds: readonly string[];
}

const templateChecks = [
  tableKeys,
  retained,
  visibility,
  deadLetters,
  apiTimeouts,
  environments,
  eventSources,
  containers,
  schedules,
  sizes,
  invocationPermissions,
  permissionSources,
  sourcePermissions,
  passedRoles,
  actionsExist,
  narrowGrants,
  trustPrincipals,
  alarmTopics,
];

/** Finds in one school's templates the mistakes that CDK's validator and cdk-nag let through. */
export function checkSchool({ templates, domains, codeOf, statefulIds }: CheckInput): Finding[] {
  const school = new SchoolTemplates(templates);
  return [
    ...templateChecks.flatMap((check) => check(school)),
    ...routes(school, domains),
    ...lostGrants(school, codeOf),
    ...sameStatefulIds(school, statefulIds),
  ];
}
