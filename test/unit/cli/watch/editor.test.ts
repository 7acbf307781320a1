import { describe, expect, it } from 'vitest';
import { chooseEditor } from '../../../../src/cli/watch/editor.ts';

const place = { file: '/w/00-hello/hello.ts', line: 12, column: 3 };

describe('the editor that e opens', () => {
  it('is the IDE whose terminal this is, at the line and column', () => {
    expect(chooseEditor({ TERM_PROGRAM: 'vscode', EDITOR: 'vim' }, place)).toEqual({ command: ['code', '--goto', '/w/00-hello/hello.ts:12:3'], takesTerminal: false });
    expect(chooseEditor({ TERM_PROGRAM: 'vscode', CURSOR_TRACE_ID: 'x' }, place)?.command[0]).toBe('cursor');
    expect(chooseEditor({ TERM_PROGRAM: 'vscode', VSCODE_GIT_ASKPASS_NODE: '/usr/share/codium/codium' }, place)?.command[0]).toBe('codium');
    expect(chooseEditor({ ZED_TERM: 'true' }, place)?.command).toEqual(['zed', '/w/00-hello/hello.ts:12:3']);
    expect(chooseEditor({ TERMINAL_EMULATOR: 'JetBrains-JediTerm' }, place)?.command).toEqual(['webstorm', '--line', '12', '--column', '3', '/w/00-hello/hello.ts']);
  });

  it('is $VISUAL before $EDITOR', () => {
    expect(chooseEditor({ VISUAL: 'nano', EDITOR: 'vim' }, place)).toEqual({ command: ['nano', '+12', '/w/00-hello/hello.ts'], takesTerminal: true });
    expect(chooseEditor({ VISUAL: ' ', EDITOR: 'vim -p' }, place)?.command).toEqual(['vim', '-p', '+12', '/w/00-hello/hello.ts']);
  });

  it('does not wait for a window, whatever $EDITOR says', () => {
    expect(chooseEditor({ EDITOR: 'code --wait' }, place)).toEqual({ command: ['code', '--goto', '/w/00-hello/hello.ts:12:3'], takesTerminal: false });
  });

  it('may have a path with spaces, and be one we do not know', () => {
    expect(chooseEditor({ EDITOR: '"/opt/my editor/ed" -x' }, place)).toEqual({ command: ['/opt/my editor/ed', '-x', '/w/00-hello/hello.ts'], takesTerminal: true });
  });

  it('is none where nothing is set', () => {
    expect(chooseEditor({}, place)).toBeUndefined();
  });
});
