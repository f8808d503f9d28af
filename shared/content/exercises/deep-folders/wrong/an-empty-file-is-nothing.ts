function biggest(root: any): { total: number; path: string } {
  let total = 0;
  let most = 0;
  let path = '';

  function look(item: any, above: string): void {
    const here = above + item.name;
    if (item.items) {
      for (const inside of item.items) look(inside, here + '/');
    } else {
      total += item.size;
      if (item.size > most) {
        most = item.size;
        path = here;
      }
    }
  }

  look(root, '');
  return { total, path };
}
