import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A log file that reaches this size becomes `<name>.1.log`, whose predecessor goes. */
const rotateBytes = 10 * 1024 * 1024;

interface OpenFile {
  fd: number;
  size: number;
}

/** Files of JSON lines, one per function and per task, below one folder. */
export class LogFiles {
  readonly #folder: string;
  readonly #limit: number;
  readonly #open = new Map<string, OpenFile>();

  constructor(folder: string, limit = rotateBytes) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** Appends a line. One that is no JSON object is wrapped into one, with the time and the given fields. */
  write(name: string, line: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const text = isJsonObject(line)
      ? line
      : JSON.stringify({ timestamp: new Date().toISOString(), ...fields, message: line });
    const bytes = Buffer.from(`${text}\n`);
    const file = this.#file(name, bytes.length);
    writeSync(file.fd, bytes);
    file.size += bytes.length;
  }

  #file(name: string, adding: number): OpenFile {
    const known = this.#open.get(name);
    if (known !== undefined && known.size + adding <= this.#limit) return known;
    const path = join(this.#folder, `${name}.log`);
    if (known !== undefined) {
      closeSync(known.fd);
      renameSync(path, join(this.#folder, `${name}.1.log`));
    }
    mkdirSync(dirname(path), { recursive: true });
    const fd = openSync(path, 'a');
    const file = { fd, size: fstatSync(fd).size };
    this.#open.set(name, file);
    if (file.size + adding > this.#limit && file.size > 0) return this.#file(name, adding);
    return file;
  }

  close(): void {
    for (const { fd } of this.#open.values()) closeSync(fd);
    this.#open.clear();
  }
}

function isJsonObject(line: string): boolean {
  if (!line.startsWith('{') || !line.endsWith('}')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
