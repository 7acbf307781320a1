/** A path as it is typed in a shell: quoted where it has to be. */
export function shellWord(path: string, platform: NodeJS.Platform = process.platform): string {
  const plain = platform === 'win32' ? /^[\p{L}\p{N}\p{M}_.,:@+=/\\-]+$/u : /^[\p{L}\p{N}\p{M}_.,:@+=/%-]+$/u;
  if (plain.test(path)) return path;
  return platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", "'\\''")}'`;
}
