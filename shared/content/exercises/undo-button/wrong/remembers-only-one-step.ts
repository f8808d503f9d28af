class Board {
  score = [0, 0];
  before: number[] | undefined;
  after: number[] | undefined;

  change(left: number, right: number): void {
    this.before = this.score;
    this.after = undefined;
    this.score = [left, right];
  }

  point(side: string): void {
    const [left, right] = this.score;
    if (side === 'home') this.change(left + 1, right);
    else this.change(left, right + 1);
  }

  swap(): void {
    this.change(this.score[1], this.score[0]);
  }

  undo(): void {
    if (this.before) {
      this.after = this.score;
      this.score = this.before;
      this.before = undefined;
    }
  }

  redo(): void {
    if (this.after) {
      this.before = this.score;
      this.score = this.after;
      this.after = undefined;
    }
  }

  text(): string {
    return this.score.join(':');
  }
}

function play(commands: string[]): string[] {
  const board = new Board();
  const actions: Record<string, () => void> = {
    home: () => board.point('home'),
    guest: () => board.point('guest'),
    swap: () => board.swap(),
    undo: () => board.undo(),
    redo: () => board.redo(),
  };
  return commands.map((command) => {
    actions[command]();
    return board.text();
  });
}
