function nextLight(light: string): string {
  const shown = light.trim().toLowerCase();
  if (shown.startsWith('green')) return 'yellow';
  if (shown.startsWith('yellow')) return 'red';
  if (shown.startsWith('red')) return 'green';
  return 'off';
}
