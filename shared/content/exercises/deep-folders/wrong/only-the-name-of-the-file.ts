function biggest(root: any): { total: number; path: string } {
  let total = 0;
  let most = -1;
  let path = '';

  function look(item: any): void {
    if (item.items) {
      for (const inside of item.items) look(inside);
    } else {
      total += item.size;
      if (item.size > most) {
        most = item.size;
        path = item.name;
      }
    }
  }

  look(root);
  return { total, path };
}
