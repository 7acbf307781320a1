/** Folders that are never part of what is handed in. */
const folders = new Set(['node_modules', '__MACOSX', '.git', '.mongo-course', '.vscode', '.idea', 'dist', 'coverage']);

/** Whether a path, forward slashes, lies in a folder that nobody hands in, or is a file that only a system put there. */
export function isSkipped(path: string): boolean {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  return parts.some((part) => folders.has(part)) || name === '.DS_Store' || name === 'Thumbs.db' || name === 'desktop.ini' || name.startsWith('._');
}
