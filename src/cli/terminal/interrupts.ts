/**
 * Lets another program have the terminal: a pager, an editor. Ctrl-C is its business then, though the terminal sends it to
 * us as well.
 */
export async function leavingInterrupts<T>(work: () => Promise<T>): Promise<T> {
  const ours = process.listeners('SIGINT');
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  for (const listener of ours) process.off('SIGINT', listener);
  try {
    return await work();
  } finally {
    for (const listener of ours) process.on('SIGINT', listener);
    process.off('SIGINT', ignore);
  }
}
