import { asFlag, asList, asObject, asText, at, type Json, type JsonObject } from '../json.ts';

interface Header {
  readonly name: string;
  readonly value: string;
  /** Whether it replaces what the origin sent. */
  readonly override: boolean;
}

/** CloudFront's managed policy "SecurityHeadersPolicy". */
const managedSecurityHeaders: readonly Header[] = [
  { name: 'x-content-type-options', value: 'nosniff', override: true },
  { name: 'x-frame-options', value: 'SAMEORIGIN', override: false },
  { name: 'referrer-policy', value: 'strict-origin-when-cross-origin', override: false },
  { name: 'x-xss-protection', value: '1; mode=block', override: false },
];
export const managedPolicies: ReadonlyMap<string, readonly Header[]> = new Map([
  ['67f7725c-6f97-4210-82d7-5512b31e9d03', managedSecurityHeaders],
]);

/** Would turn the page's own requests into https, which one machine does not speak. */
const withoutUpgrade = (policy: string): string =>
  policy
    .split(';')
    .map((directive) => directive.trim())
    .filter((directive) => directive !== '' && directive !== 'upgrade-insecure-requests')
    .join('; ');

function securityHeaders(config: JsonObject): Header[] {
  const header = (
    name: string,
    part: string,
    value: (settings: JsonObject) => string | undefined,
  ): Header[] => {
    const settings = config[part];
    const text = settings === undefined ? undefined : value(asObject(settings));
    return text === undefined ? [] : [{ name, value: text, override: asFlag(at(settings, 'Override')) }];
  };
  return [
    ...header('content-security-policy', 'ContentSecurityPolicy', (one) =>
      withoutUpgrade(asText(one['ContentSecurityPolicy']) ?? ''),
    ),
    ...header('x-content-type-options', 'ContentTypeOptions', () => 'nosniff'),
    ...header('x-frame-options', 'FrameOptions', (one) => asText(one['FrameOption'])),
    ...header('referrer-policy', 'ReferrerPolicy', (one) => asText(one['ReferrerPolicy'])),
    ...header('x-xss-protection', 'XSSProtection', (one) =>
      asFlag(one['Protection']) ? `1${asFlag(one['ModeBlock']) ? '; mode=block' : ''}` : '0',
    ),
    // StrictTransportSecurity is left out: browsers ignore it over plain http.
  ];
}

/** The headers of an AWS::CloudFront::ResponseHeadersPolicy. */
export function policyHeaders(config: Json | undefined): readonly Header[] {
  const custom = asList(at(config, 'CustomHeadersConfig', 'Items')).map((item) => ({
    name: (asText(at(item, 'Header')) ?? '').toLowerCase(),
    value: asText(at(item, 'Value')) ?? '',
    override: asFlag(at(item, 'Override')),
  }));
  return [...securityHeaders(asObject(at(config, 'SecurityHeadersConfig'))), ...custom];
}

/** Adds a policy's headers to those of a response. */
export function withPolicy<V>(
  headers: Readonly<Record<string, V>>,
  policy: readonly Header[],
): Record<string, V | string> {
  const result: Record<string, V | string> = { ...headers };
  for (const { name, value, override } of policy) {
    if (override || !(name in result)) result[name] = value;
  }
  return result;
}
