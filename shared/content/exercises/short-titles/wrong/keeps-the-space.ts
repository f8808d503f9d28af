function shorten(title: string, most: number): string {
  const characters = [...title];
  if (characters.length <= most) {
    return title;
  }
  return characters.slice(0, most - 1).join('') + '…';
}
