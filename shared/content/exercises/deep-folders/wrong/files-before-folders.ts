function biggest(root: any): { total: number; path: string } {
  let total = 0;
  let most = -1;
  let path = '';
  const waiting = [{ item: root, above: '' }];
  while (waiting.length > 0) {
    const { item, above }: any = waiting.shift();
    const here = above + item.name;
    if (item.items) {
      for (const inside of item.items) waiting.push({ item: inside, above: here + '/' });
    } else {
      total += item.size;
      if (item.size > most) {
        most = item.size;
        path = here;
      }
    }
  }
  return { total, path };
}
