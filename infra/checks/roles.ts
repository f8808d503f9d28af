import type { Statement } from '../local/iam.ts';
import { asObject, at, type Json, type JsonObject } from '../local/json.ts';
import { list, type Named, type SchoolTemplates } from './template.ts';

/** The statements of every policy that the template attaches to a role, with references spelled out. */
export function statementsOf(school: SchoolTemplates, role: Named): Statement[] {
  const attached = school
    .ofType('AWS::IAM::Policy')
    .filter(({ properties }) => list(properties['Roles']).some((one) => school.target(one)?.id === role.id));
  const documents = [
    ...attached.map(({ properties }) => properties['PolicyDocument']),
    ...list(role.properties['Policies']).map((policy) => at(policy, 'PolicyDocument')),
  ];
  return documents
    .flatMap((document) => list(at(document, 'Statement')))
    .map((one) => statement(school, asObject(one)));
}

function statement(school: SchoolTemplates, raw: JsonObject): Statement {
  const texts = (value: Json | undefined) => list(value).map((one) => school.text(one));
  const condition = Object.entries(asObject(raw['Condition'])).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(asObject(keys)).map(([key, value]) => [key, texts(value)])),
  ]);
  return {
    Effect: raw['Effect'] === 'Deny' ? 'Deny' : 'Allow',
    ...(raw['Action'] === undefined ? {} : { Action: texts(raw['Action']) }),
    ...(raw['NotAction'] === undefined ? {} : { NotAction: texts(raw['NotAction']) }),
    ...(raw['Resource'] === undefined ? {} : { Resource: texts(raw['Resource']) }),
    ...(raw['NotResource'] === undefined ? {} : { NotResource: texts(raw['NotResource']) }),
    Condition: Object.fromEntries(condition),
  };
}

/** Code that runs with a role: a function of ours or a task, by the name of its bundle. */
export interface Workload {
  readonly name: string;
  readonly id: string;
  readonly role: Named;
  readonly environment: JsonObject;
}

/** The workloads of a school that run our bundles; functions that come with CDK have no service name. */
export function workloadsOf(school: SchoolTemplates): Workload[] {
  const functions = school.ofType('AWS::Lambda::Function').flatMap((fn) => {
    const environment = asObject(at(fn.properties, 'Environment', 'Variables'));
    return workload(school, fn.id, fn.properties['Role'], environment);
  });
  const tasks = school.ofType('AWS::ECS::TaskDefinition').flatMap((task) =>
    list(task.properties['ContainerDefinitions']).flatMap((container) => {
      const variables = list(at(container, 'Environment')).map((one): [string, Json] => [
        school.text(at(one, 'Name')),
        at(one, 'Value') ?? '',
      ]);
      return workload(school, task.id, task.properties['TaskRoleArn'], Object.fromEntries(variables));
    }),
  );
  return [...functions, ...tasks];
}

function workload(
  school: SchoolTemplates,
  id: string,
  roleArn: Json | undefined,
  environment: JsonObject,
): Workload[] {
  const name = school.text(environment['POWERTOOLS_SERVICE_NAME']);
  const role = school.target(roleArn);
  return name === '' || role === undefined ? [] : [{ name, id, role, environment }];
}
