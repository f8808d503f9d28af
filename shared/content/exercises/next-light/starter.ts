type Light = 'green' | 'yellow' | 'red' | 'off';

function nextLight(light: string): Light {
  if (light === 'green') {
    return 'yellow';
  }
  return 'off';
}
