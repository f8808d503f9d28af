import { styleText } from 'node:util';

/** What the runner says: a live line on a terminal, plain lines into a pipe. */
export class Terminal {
  readonly #out: NodeJS.WriteStream;
  readonly #live: boolean;
  #phase: { readonly text: string; readonly since: number; detail: string } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.#live = out.isTTY && process.env['CI'] === undefined;
  }

  /** Begins a phase and ends the one before. */
  phase(text: string): void {
    this.#finish();
    this.#phase = { text, since: performance.now(), detail: '' };
    if (!this.#live) return;
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), 80);
    this.#timer.unref();
  }

  /** What the phase is doing right now. */
  detail(text: string): void {
    if (this.#phase !== undefined) this.#phase.detail = text;
  }

  /** Ends the last phase. */
  done(): void {
    this.#finish();
  }

  line(text = ''): void {
    this.#erase();
    this.#out.write(`${text}\n`);
  }

  /** Something went wrong that does not end the run. */
  warn(text: string): void {
    this.line(`${this.style('yellow', '!')} ${text}`);
  }

  failure(text: string): void {
    clearInterval(this.#timer);
    this.#phase = undefined;
    this.line(`${this.style('red', '✗')} ${text}`);
  }

  style(format: Parameters<typeof styleText>[0], text: string): string {
    return this.#out.isTTY ? styleText(format, text) : text;
  }

  #finish(): void {
    const phase = this.#phase;
    if (phase === undefined) return;
    clearInterval(this.#timer);
    this.#phase = undefined;
    const took = this.style('dim', duration(performance.now() - phase.since));
    this.line(`${this.style('green', '✓')} ${phase.text} ${took}`);
  }

  #draw(): void {
    const phase = this.#phase;
    if (phase === undefined) return;
    this.#frame = (this.#frame + 1) % frames.length;
    const took = performance.now() - phase.since;
    const time = took > 1000 ? ` ${this.style('dim', duration(took))}` : '';
    const detail = phase.detail === '' ? '' : ` ${this.style('dim', phase.detail)}`;
    this.#out.write(
      `\r\x1b[2K${this.style('cyan', frames[this.#frame] ?? '')} ${phase.text}${time}${detail}`,
    );
  }

  #erase(): void {
    if (this.#live) this.#out.write('\r\x1b[2K');
  }
}

const frames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];

const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
