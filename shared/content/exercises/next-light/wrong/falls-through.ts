function nextLight(light: string): string {
  let next = 'off';
  switch (light.trim().toLowerCase()) {
    case 'green':
      next = 'yellow';
    case 'yellow':
      next = 'red';
    case 'red':
      next = 'green';
  }
  return next;
}
