/** A command line, before or after a sandbox wrapped it. */
export interface SandboxCommand {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** A way of shutting a submission in. One file in `sandboxes/` exports `sandbox`, one of these. */
export interface Sandbox {
  readonly summary: string;
  /** Found out by running it; the reason where it can't be had. */
  available(): Promise<true | string>;
  wrap(command: SandboxCommand): SandboxCommand;
}
