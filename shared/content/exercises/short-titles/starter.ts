function shorten(title: string, most: number): string {
  return title.slice(0, most);
}
