class Board {
  left = 0;
  right = 0;

  point(side: string): void {}

  swap(): void {}

  undo(): void {}

  redo(): void {}

  text(): string {
    return `${this.left}:${this.right}`;
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
