/** A command line, before or after a sandbox wrapped it. */
export interface SandboxCommand {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** What a submission's process has to reach. Everything else a sandbox may shut off. */
export interface SandboxReach {
  /** The run's own folder, absolute: it may write there and nowhere else. */
  scratch: string;
  /** Folders and files to read, absolute. */
  readable: readonly string[];
  /** Folders within them that must not be seen. */
  hidden: readonly string[];
}

/** A way of shutting a submission in. One file in `sandboxes/` exports `sandbox`, one of these. */
export interface Sandbox {
  readonly summary: string;
  /**
   * Processes have a network of their own, with nothing but a loopback interface. Before a submission is loaded the
   * grader is handed the sockets that listen there in its place; HTTP requests come through a socket file.
   */
  readonly ownNetwork: boolean;
  /** A submission can be shown files of the home of whoever grades. */
  readonly showsHome: boolean;
  /** Found out by running it; the reason where it can't be had. */
  available(): Promise<true | string>;
  /** @param infoFd descriptor to write to which process is the submission's, in the way of bubblewrap's `--info-fd` */
  wrap(command: SandboxCommand, reach: SandboxReach, infoFd: number): SandboxCommand;
}
