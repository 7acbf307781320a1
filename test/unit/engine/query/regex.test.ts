import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRegex } from '../../../../src/engine/embedded/query/regex.ts';
import { search } from '../../../../src/engine/embedded/query/regex/machine.ts';
import { parsePattern } from '../../../../src/engine/embedded/query/regex/parser.ts';
import { compile } from '../../../../src/engine/embedded/query/regex/program.ts';
import { translate } from '../../../../src/engine/embedded/query/regex/translate.ts';
import { refusal } from '../values.ts';

type Case = readonly [pattern: string, options: string, text: string];

const matching: readonly Case[] = [
  ['b', '', 'abc'], ['^B$', 'im', 'a\nb\nc'], ['a.c', 's', 'a\nc'], ['a b # why\n c', 'x', 'abc'], ['a\\ b', 'x', 'a b'], ['', '', ''],
  ['abc$', '', 'abc\n'], ['abc\\Z', '', 'abc\n'], ['.', '', '\r'], ['^.$', '', '😀'], ['^[^a]$', '', '😀'], ['[😀-😂]', '', '😁'], ['^é+$', 'i', 'éÉ'],
  ['k', 'i', '\u212a'], ['σ', 'i', 'ς'], ['ß', 'i', 'ẞ'], ['[a-z]', 'i', 'K'], ['\\p{Lu}\\p{Latin}', '', 'Éa'], ['\\P{L}', '', '1'], ['^\\p{Greek}+$', '', 'λόγος'], ['(*UCP)^\\w+$', '', 'Öl'],
  ['a(?-i)bc', 'i', 'Abc'], ['(?i)abc', '', 'ABC'], ['(?i:a)b', '', 'Ab'], ['(?s:a.b)', '', 'a\nb'], ['(?m:^b)', '', 'a\nb'],
  ['a++b', '', 'aab'], ['^(?>abc)+$', '', 'abcabc'], ['(?=.*1)(?=.*a)..', '', 'a1'], ['(?<=foo|x)bar', '', 'xbar'], ['(?<!foo)bar', '', 'bar'], ['(?<=é)b', '', 'éb'],
  ['(\\w)\\1', '', 'hello'], ['(?<w>a)\\k<w>', '', 'aa'], ['(?P<w>a)(?P=w)', '', 'aa'], ['(a)\\g{-1}', '', 'aa'], ['(a)\\1', 'i', 'aA'], ['(?|(a)|(b))\\1', '', 'bb'], ['^(a)?(?(1)b|c)$', '', 'ab'], ['^(a)?(?(1)b|c)$', '', 'c'],
  ['^(\\((?:[^()]|(?1))*\\))$', '', '(a(b)c)'], ['^(?:(a)(?R)?b)$|^ab$', '', 'ab'], ['foo\\Kbar', '', 'foobar'], ['[[:alpha:]]\\d', '', 'a1'], ['[]a]', '', ']'], ['[^]a]', '', 'b'], ['[\\d-z]', '', '-'], ['\\Qa.b\\E', '', 'a.b'],
  ['\\x41\\x{1F600}\\t', '', 'A😀\t'], ['\\12', '', '\n'], ['a\\Rb', '', 'a\r\nb'], ['^[a-f\\d]{24}$', 'i', 'ABCDEF0123456789abcdef01'], ['a{,3}', '', 'a{,3}'], ['x{2', '', 'x{2'], ['(a*)+$', '', 'b'], ['a(?#why)b', '', 'ab'],
];

const others: readonly Case[] = [
  ['B', '', 'abc'], ['^b$', '', 'a\nb'], ['a.c', '', 'a\nc'], ['.', '', '\n'], ['a$', 'm', 'a\rb'], ['^$', 'm', 'a\n'], ['abc\\z', '', 'abc\n'], ['\\p{Lu}', '', 'é'], ['[^a]', 'i', 'A'], ['İ', 'i', 'i'],
  ['(*UCP)\\byster', '', 'Öyster'], ['a(?-i)bc', 'i', 'ABC'], ['a++a', '', 'aaa'], ['(?>a|ab)c', '', 'abc'], ['(?<!foo)bar', '', 'foobar'], ['^(a)?(?(1)b|c)$', '', 'b'], ['^(\\((?:[^()]|(?1))*\\))$', '', '(a(b c)'], ['\\w', '', 'é'],
  ['\\Qa.b\\E+', '', 'axb'], ['(a)?\\1b', '', 'b'],
];

describe('a regular expression', () => {
  test.each(matching)('/%s/%s matches %j', (pattern, options, text) => {
    expect(compileRegex(pattern, options).test(text)).toBe(true);
  });

  test.each(others)('/%s/%s does not match %j', (pattern, options, text) => {
    expect(compileRegex(pattern, options).test(text)).toBe(false);
  });

  test('tells where it matched, and its groups', () => {
    expect(compileRegex('(b)(x)?(c)', '').find('abc', 0)).toEqual({ start: 1, end: 3, groups: [[1, 2], undefined, [2, 3]] });
    expect(compileRegex('a\\Kb', '').find('xab', 0)).toEqual({ start: 2, end: 3, groups: [] });
    expect(compileRegex('(?:(a)|b)*', '').find('ab', 0)).toEqual({ start: 0, end: 2, groups: [[0, 1]] });
    expect(compileRegex('b', '').find('bab', 1)).toMatchObject({ start: 2 });
  });

  test.each([
    ['^(a+)+$', `${'a'.repeat(60)}!`], ['^(a|aa)+$', `${'a'.repeat(60)}!`], ['(x+x+)+y', 'x'.repeat(60)], ['^(\\w+\\s?)*$', `${'word '.repeat(20)}!`],
  ])('that backtracks without end is finished all the same: %s', (pattern, text) => {
    expect(compileRegex(pattern, '').test(text)).toBe(false);
    expect(compileRegex(pattern, 'i').test(text)).toBe(false);
  });

  test.each([['^(?=(a+)+$)b', `${'a'.repeat(60)}!`], ['(a+)+\\1b', 'a'.repeat(60)], ['(?R)', 'a']])('that never ends is given up: %s', (pattern, text) => {
    expect(refusal(() => compileRegex(pattern, '').test(text))).toMatch(/^51156: Error occurred while executing the regular expression/);
  });

  test.each([
    ['(a', 'missing closing parenthesis'], ['a)', 'unmatched closing parenthesis'], ['[a', 'missing terminating ] for character class'], ['*a', 'quantifier does not follow a repeatable item'], ['a**', 'quantifier does not follow a repeatable item'],
    ['\\', '\\ at end of pattern'], ['a{3,1}', 'numbers out of order in {} quantifier'], ['a{99999}', 'number too big in {} quantifier'], ['[z-a]', 'range out of order in character class'], ['(?<=a+)b', 'lookbehind assertion is not fixed length'],
    ['(a)\\2', 'reference to non-existent subpattern'], ['\\p{Nope}', 'unknown property after \\P or \\p'], ['[[:nope:]]', 'unknown POSIX class name'], ['(?<1a>b)', 'subpattern name must start with a non-digit'], ['(?z)', 'unrecognized character after (? or (?-'],
    ['(*COMMIT)a', '(*VERB) not recognized or malformed'], ['\\y', 'unrecognized character follows \\'], ['a'.repeat(20_000), 'regular expression is too large'],
  ])('%.20s is refused', (pattern, why) => {
    expect(refusal(() => compileRegex(pattern, ''))).toBe(`51091: Regular expression is invalid: ${why}`);
  });

  test('with an unknown option, or a null byte, is refused', () => {
    expect(refusal(() => compileRegex('a', 'g'))).toBe('51108: invalid flag in regex options: g');
    expect(refusal(() => compileRegex('a\0', ''))).toBe('2: Regular expression cannot contain an embedded null byte');
  });

  test('means the same run by V8 as run by backtracking', () => {
    const pattern = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4, withCrossShrink: true }, fc.constantFrom('a', 'b', ' ', '.', '[ab]', '[^b]', '\\w', '\\b'), fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('')),
        fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(${one}|${other})`), fc.tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '*?', '+?', '{1,2}', '??')).map(([one, count]) => `(?:${one})${count}`),
        tie('pattern').map((one) => `^${one}`), tie('pattern').map((one) => `${one}$`),
      ),
    })).pattern;
    fc.assert(fc.property(pattern, fc.boolean(), fc.string({ unit: fc.constantFrom('a', 'b', 'B', ' '), maxLength: 8 }), (some, ignoreCase, text) => {
      const tree = parsePattern(some, { ignoreCase, multiline: false, dotAll: false, extended: false, unicode: false });
      const translation = translate(tree);
      fc.pre(translation !== undefined);
      const match = translation?.expression.exec(text);
      const found = search(compile(tree), text, 0);
      expect(found !== undefined).toBe(match !== null);
      if (match && found && translation?.exact) {
        expect([found.start, found.end]).toEqual([match.index, match.index + match[0].length]);
        expect(found.groups.map((group) => group && text.slice(...group))).toEqual(match.slice(1));
      }
    }), { numRuns: 3000 });
  });
});
