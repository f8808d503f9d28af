function nextLight(light: string): string {
  let shown = light.trim().toLowerCase();
  if (shown = 'green') {
    return 'yellow';
  } else if (shown = 'yellow') {
    return 'red';
  } else if (shown = 'red') {
    return 'green';
  }
  return 'off';
}
