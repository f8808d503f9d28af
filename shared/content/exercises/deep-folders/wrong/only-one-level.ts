function biggest(root: any): { total: number; path: string } {
  if (!root.items) return { total: root.size, path: root.name };
  let total = 0;
  let most = -1;
  let path = '';
  for (const item of root.items) {
    const files = item.items ?? [item];
    for (const file of files) {
      total += file.size ?? 0;
      if (file.size > most) {
        most = file.size;
        path = item.items ? `${root.name}/${item.name}/${file.name}` : `${root.name}/${file.name}`;
      }
    }
  }
  return { total, path };
}
