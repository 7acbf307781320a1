import { describe, expect, it } from 'vitest';
import { parseKeys } from '../../../../src/cli/watch/keys.ts';

describe('keys', () => {
  it('are told apart when several arrive at once', () => {
    expect(parseKeys('hN\u001b[A\u001b[6~q')).toEqual(['h', 'n', 'up', 'page-down', 'q']);
  });

  it('have names where they type nothing', () => {
    expect(parseKeys('\r \u0003\u001b')).toEqual(['enter', 'page-down', 'ctrl-c', 'escape']);
  });

  it('may be characters of more than one code unit', () => {
    expect(parseKeys('é😀x')).toEqual(['é', '😀', 'x']);
  });
});
