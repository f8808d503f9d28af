type Item = { name: string; size: number } | { name: string; items: Item[] };

function biggest(root: Item): { total: number; path: string } {
  let total = 0;
  let most = -1;
  let path = '';

  function look(item: Item, above: string): void {
    const here = above + item.name;
    if ('items' in item) {
      for (const inside of item.items) {
        look(inside, here + '/');
      }
      return;
    }
    total += item.size;
    if (item.size > most) {
      most = item.size;
      path = here;
    }
  }

  look(root, '');
  return { total, path };
}
