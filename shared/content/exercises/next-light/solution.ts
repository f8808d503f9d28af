type Light = 'green' | 'yellow' | 'red' | 'off';

function nextLight(light: string): Light {
  switch (light.trim().toLowerCase()) {
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
