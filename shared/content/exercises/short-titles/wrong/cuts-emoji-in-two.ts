function shorten(title: string, most: number): string {
  if (title.length <= most) {
    return title;
  }
  return title.slice(0, most - 1).trimEnd() + '…';
}
