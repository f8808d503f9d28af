type Item = { name: string; size: number } | { name: string; items: Item[] };

function biggest(root: Item): { total: number; path: string } {
  if ('items' in root) {
    return { total: 0, path: root.name };
  }
  return { total: root.size, path: '' };
}
