function nextLight(light: string): string {
  switch (light) {
    case 'green':
      return 'yellow';
    case 'yellow':
      return 'red';
    case 'red':
      return 'green';
    default:
      return 'off';
  }
}
