/** Nobody can listen to more. */
const sayEveryMs = 5_000;

/** Says what changes quickly only now and then, and the newest of it; what is the end at once. */
export class Speaker {
  readonly #say: (text: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #notBefore = 0;
  #last = '';

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  tell(text: string, isEnd: boolean): void {
    this.dispose();
    if (text === this.#last) return;
    const wait = isEnd ? 0 : this.#notBefore - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#sayNow(text), wait);
    else this.#sayNow(text);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #sayNow(text: string): void {
    this.#last = text;
    this.#notBefore = performance.now() + sayEveryMs;
    this.#say(text);
  }
}
