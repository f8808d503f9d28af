/** One field takes what a person signs in with: an e-mail address, or a username for those without one. */
export const signInName = (given: string): { email: string } | { username: string } => {
  const name = given.trim();
  return name.includes('@') ? { email: name } : { username: name };
};
