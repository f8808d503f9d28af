/** Message attributes: what is allowed, their size, and their MD5, which SDKs verify. */
import { createHash } from 'node:crypto';
import type { Fields } from '../aws/fields.ts';
import { invalidParameter, sqsError } from './errors.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const mostAttributes = 10;

export const readMessageAttributes = (input: Fields): MessageAttributes => {
  const container = input.optionalObject('MessageAttributes');
  const names = Object.keys(container?.all ?? {});
  if (names.length > mostAttributes) {
    throw invalidParameter(
      'MessageAttributes',
      names.length,
      `A message has at most ${mostAttributes} attributes.`,
    );
  }
  return Object.fromEntries(
    names.map((name) => [name, readAttribute(name, container?.optionalObject(name))]),
  );
};

const readAttribute = (name: string, attribute: Fields | undefined): MessageAttribute => {
  const isReserved = /^(aws|amazon)\./i.test(name);
  if (!/^[\w-]+(\.[\w-]+)*$/.test(name) || name.length > 256 || isReserved || attribute === undefined) {
    throw invalidParameter('MessageAttributes', name, 'The attribute has no valid name or no value.');
  }
  const DataType = attribute.text('DataType');
  const type = /^(String|Number|Binary)(\.|$)/.exec(DataType)?.[1];
  const value = attribute.optionalText(type === 'Binary' ? 'BinaryValue' : 'StringValue') ?? '';
  const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
  if (type === undefined || value === '' || (type === 'Number' && !isNumber)) {
    const message = `The message attribute '${name}' must contain a non-empty value of type ${DataType}.`;
    throw sqsError('InvalidParameterValue', message);
  }
  if (type === 'Binary') return { DataType, BinaryValue: value };
  refuseInvalidCharacters(value);
  return { DataType, StringValue: value };
};

/** `All` and `.*` select every attribute, `prefix.*` those that begin so. */
export const selectAttributes = (
  attributes: MessageAttributes,
  names: readonly string[],
): MessageAttributes =>
  Object.fromEntries(
    Object.entries(attributes).filter(([name]) =>
      names.some(
        (wanted) =>
          wanted === 'All' ||
          wanted === name ||
          (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2))),
      ),
    ),
  );

/** Source: "Calculating the MD5 message digest for message attributes" in the SQS Developer Guide. */
export const md5OfAttributes = (attributes: MessageAttributes): string | undefined => {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    hash.update(Buffer.from([attribute.BinaryValue === undefined ? 1 : 2]));
    add(bytesOf(attribute));
  }
  return hash.digest('hex');
};

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const bytesOf = ({ StringValue, BinaryValue }: MessageAttribute): Buffer =>
  BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64');

/** XML 1.0's characters, as the SQS API reference lists them; a lone surrogate is none either. */
const invalidCharacter = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export const refuseInvalidCharacters = (text: string): void => {
  const found = invalidCharacter.exec(text)?.[0];
  if (found === undefined) return;
  throw sqsError(
    'InvalidMessageContents',
    `Invalid binary character '#x${found.charCodeAt(0).toString(16).toUpperCase()}' was found in the message body, the set of allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF`,
  );
};
