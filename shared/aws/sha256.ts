import { createHash, createHmac, createSecretKey } from 'node:crypto';

type Bytes = string | ArrayBuffer | ArrayBufferView;

const bytesOf = (data: Bytes): string | Uint8Array => {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
};

const start = (secret: string | Uint8Array | undefined) => {
  if (secret === undefined) return createHash('sha256');
  return createHmac('sha256', typeof secret === 'string' ? secret : createSecretKey(secret));
};

/**
 * SHA-256, or with a secret HMAC-SHA-256, as the SDK signs with it. The SDK's own class gives Node the secret's bytes as
 * they are, which takes five times as long as by way of a key object.
 */
export class Sha256 {
  readonly #secret: string | Uint8Array | undefined;
  #hash: ReturnType<typeof start>;

  constructor(secret?: Bytes) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#hash = start(this.#secret);
  }

  update(data: Bytes): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = start(this.#secret);
  }
}
