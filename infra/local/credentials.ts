import { localSecret } from './gateway.ts';
import type { Roles } from './roles.ts';

/** Variables that give a function or a task the identity of its role, and lead the AWS SDK to the local services. */
export const createAwsCredentials =
  (region: string, endpoint: string, roles: Roles) =>
  (roleArn: string | undefined): Readonly<Record<string, string>> => ({
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: roles.keyOf(roleArn),
    AWS_SECRET_ACCESS_KEY: localSecret,
    AWS_ENDPOINT_URL: endpoint,
    // Neither the instance's metadata nor the owner's own profile may answer instead.
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
