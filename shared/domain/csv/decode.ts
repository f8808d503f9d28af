export type Encoding = 'utf-8' | 'utf-16le' | 'euc-kr';
export interface DecodedText {
  readonly text: string;
  readonly encoding: Encoding;
}

const decoded = (bytes: Uint8Array, encoding: Encoding): DecodedText | undefined => {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    // Node's ICU has the older half of the code page only, and passes bytes of the other through as controls
    return /[\u0080-\u009F]/.test(text) ? undefined : { text, encoding };
  } catch {
    return undefined;
  }
};

/**
 * The text of a file that a spreadsheet saved: UTF-16 if it says so, else UTF-8, else what Excel writes in Korea.
 * (The Encoding Standard's `euc-kr` is the whole of code page 949.) Undefined when it is none of these.
 */
export function decodeText(bytes: Uint8Array): DecodedText | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decoded(bytes, 'utf-16le');
  return decoded(bytes, 'utf-8') ?? decoded(bytes, 'euc-kr');
}
