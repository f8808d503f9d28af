function nextLight(light: string): string {
  const shown = light.trim().toLowerCase();
  if (shown === 'green') return 'yellow';
  if (shown === 'yellow') return 'red';
  return 'green';
}
