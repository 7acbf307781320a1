import { spawn } from 'node:child_process';
import { basename } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

export interface Place {
  file: string;
  line: number;
  column: number;
}

export interface EditorCommand {
  /** The program, and arguments it was configured with. */
  command: string[];
  /** True where it draws into this terminal, so that we step aside until it ends. */
  takesTerminal: boolean;
}

/** Programs with a window of their own, which we don't wait for. */
const windowed = new Set(['code', 'code-insiders', 'codium', 'cursor', 'windsurf', 'zed', 'zeditor', 'subl', 'atom', 'webstorm', 'idea', 'gedit', 'kate', 'mate', 'notepad', 'notepad++', 'gvim', 'open', 'xdg-open']);
const waiting = new Set(['--wait', '-w', '--block']);

/** The editor to open a place with: the IDE in whose terminal we are, else `$VISUAL`, else `$EDITOR`. */
export function chooseEditor(env: Env, place: Place): EditorCommand | undefined {
  const ide = ideCommand(env);
  const configured = ide ?? (env.VISUAL?.trim() || env.EDITOR?.trim());
  if (!configured) return undefined;
  const [program = '', ...given] = splitWords(configured);
  const name = basename(program).replace(/\.(exe|cmd|bat|sh)$/i, '').toLowerCase();
  const takesTerminal = !windowed.has(name);
  const args = takesTerminal ? given : given.filter((arg) => !waiting.has(arg));
  return { command: [program, ...args, ...placeArguments(name, place)], takesTerminal };
}

/** The command that an IDE puts into its own terminal. */
function ideCommand(env: Env): string | undefined {
  if (env.TERM_PROGRAM === 'vscode') {
    const from = `${env.VSCODE_GIT_ASKPASS_NODE ?? ''} ${env.VSCODE_GIT_ASKPASS_MAIN ?? ''} ${env['__CFBundleIdentifier'] ?? ''}`.toLowerCase();
    if (env.CURSOR_TRACE_ID || from.includes('cursor')) return 'cursor';
    if (from.includes('windsurf')) return 'windsurf';
    if (from.includes('codium')) return 'codium';
    return from.includes('insiders') ? 'code-insiders' : 'code';
  }
  if (env.ZED_TERM === 'true') return 'zed';
  if (env.TERMINAL_EMULATOR === 'JetBrains-JediTerm') return 'webstorm';
  return undefined;
}

function placeArguments(name: string, { file, line, column }: Place): string[] {
  if (/^(code|code-insiders|codium|cursor|windsurf)$/.test(name)) return ['--goto', `${file}:${line}:${column}`];
  if (/^(zed|zeditor|subl|atom|hx|helix)$/.test(name)) return [`${file}:${line}:${column}`];
  if (/^(webstorm|idea)$/.test(name)) return ['--line', String(line), '--column', String(column), file];
  if (/^(vi|vim|nvim|gvim|view|ex|nano|pico|emacs|emacsclient|micro|joe|kak|ne|mg|jed|gedit)$/.test(name)) return [`+${line}`, file];
  if (/^(kate|mate)$/.test(name)) return ['--line', String(line), file];
  return [file];
}

/** Splits a configured command at spaces, quotes respected: `"C:\\Program Files\\x" --wait`. */
function splitWords(text: string): string[] {
  return (text.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? []).map((word) => word.replace(/^["']|["']$/g, ''));
}

/**
 * Runs an editor. One that takes the terminal is waited for, one with a window is not.
 * @returns a sentence where it could not be started
 */
export function openEditor({ command, takesTerminal }: EditorCommand, cwd: string): Promise<string | undefined> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    // On Windows, editors in PATH are .cmd files, which only a shell starts.
    const shell = process.platform === 'win32';
    const child = spawn(shell ? `"${program}"` : program, shell ? args.map((arg) => `"${arg}"`) : args, { cwd, shell, stdio: takesTerminal ? 'inherit' : 'ignore', detached: !takesTerminal, windowsHide: !takesTerminal });
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? `${program} was not found.` : `${program} could not be started: ${error.message}.`));
    child.once('exit', (code) => resolve(code ? `${program} ended with code ${code}.` : undefined));
    if (takesTerminal) return;
    child.unref();
    // A shell always starts: whether it found the program, its end tells a moment later.
    child.once('spawn', () => void setTimeout(() => resolve(undefined), shell ? 1000 : 0).unref());
  });
}
