type Score = [number, number];

class Board {
  score: Score = [0, 0];
  before: Score[] = [];
  after: Score[] = [];

  change(left: number, right: number): void {
    this.before.push(this.score);
    this.after = [];
    this.score = [left, right];
  }

  point(side: string): void {
    const [left, right] = this.score;
    if (side === 'home') {
      this.change(left + 1, right);
    } else {
      this.change(left, right + 1);
    }
  }

  swap(): void {
    const [left, right] = this.score;
    this.change(right, left);
  }

  undo(): void {
    const score = this.before.pop();
    if (score !== undefined) {
      this.after.push(this.score);
      this.score = score;
    }
  }

  redo(): void {
    const score = this.after.pop();
    if (score !== undefined) {
      this.before.push(this.score);
      this.score = score;
    }
  }

  text(): string {
    return this.score.join(':');
  }
}

// This part is finished.
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
    const action = actions[command];
    action();
    return board.text();
  });
}
