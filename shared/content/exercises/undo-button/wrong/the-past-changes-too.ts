class Board {
  score = [0, 0];
  before: number[][] = [];
  after: number[][] = [];

  point(side: string): void {
    this.before.push(this.score);
    this.after = [];
    this.score[side === 'home' ? 0 : 1] += 1;
  }

  swap(): void {
    this.before.push(this.score);
    this.after = [];
    this.score.reverse();
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
