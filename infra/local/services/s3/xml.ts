/** The little XML that S3 speaks: replies from fields, and the two request bodies it reads. */
import type { AwsReply } from '../aws/call.ts';
import { xmlDocument } from '../aws/wire.ts';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

export const xmlReply = (root: string, fields: Readonly<Record<string, unknown>>): AwsReply => ({
  headers: { 'content-type': 'application/xml' },
  body: xmlDocument(root, fields, namespace),
});

/** The contents of each `<name>` element; S3's request bodies never nest an element in its own kind. */
export const childrenNamed = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs'))].map(
    ([, content = '']) => content,
  );

export const textOf = (xml: string, name: string): string | undefined => {
  const content = childrenNamed(xml, name)[0];
  return content === undefined ? undefined : unescapeXml(content);
};

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
