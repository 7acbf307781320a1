import type { Sandbox } from '../sandbox.ts';

export const sandbox: Sandbox = {
  summary: 'a process of its own, an environment of its own, limits on time, memory and output; files and network are open',
  ownNetwork: false,
  showsHome: true,
  available: () => Promise.resolve(true),
  wrap: (command) => command,
};
