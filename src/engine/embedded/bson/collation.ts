import { MongoError } from '../errors.ts';
import { compareUtf8 } from './compare.ts';

/** How strings compare where an operation has a collation. https://www.mongodb.com/docs/manual/reference/collation/ */
export interface Collation {
  compare(a: string, b: string): number;
  /** Equal for strings that compare as equal. */
  key(text: string): string;
  /** The options in full, to compare two collations with. */
  readonly id: string;
}

/** Whether two compare texts alike; without one, bytes are compared. */
export const sameCollation = (a: Collation | undefined, b: Collation | undefined): boolean => a?.id === b?.id;

export interface CollationOptions {
  locale: string;
  /** 1 to 5; 3 where absent. */
  strength?: number;
  caseLevel?: boolean;
  caseFirst?: string;
  numericOrdering?: boolean;
  /** `non-ignorable`, or `shifted`: white space and punctuation count at strength 4 only. */
  alternate?: string;
  /** What `shifted` shifts: `punct`, which is both, or `space`. */
  maxVariable?: string;
  /** Accents count from the end, as in Canadian French. */
  backwards?: boolean;
  normalization?: boolean;
}

type Compare = (a: string, b: string) => number;

/**
 * Makes a collation, as far as `Intl.Collator` reaches; undefined for `simple`, which compares bytes.
 * @throws MongoError BadValue where the locale is unknown or the options contradict each other, NotImplemented for
 *   `backwards` in a language whose order is its own
 */
export function createCollation(options: CollationOptions): Collation | undefined {
  if (options.locale === 'simple') return undefined;
  const strength = options.strength ?? 3;
  checkOptions(options, strength);
  const tag = languageTag(options);
  const compare = byStrength(options, strength, new Intl.Collator(tag, settings(options, strength)), tag);
  const { locale, caseLevel = false, caseFirst = 'off', numericOrdering = false, alternate = 'non-ignorable', maxVariable = 'punct', normalization = false, backwards = false } = options;
  const id = [locale, strength, caseLevel, caseFirst, numericOrdering, alternate, maxVariable, normalization, backwards].join(' ');
  return { id, compare, key: keysOf(compare) };
}

function checkOptions({ caseFirst = 'off', caseLevel, backwards }: CollationOptions, strength: number): void {
  if (caseFirst !== 'off' && !caseLevel && strength < 3) throw new MongoError('BadValue', "'caseFirst' is invalid unless 'caseLevel' is on or 'strength' is greater than 2");
  if (backwards && strength === 1) throw new MongoError('BadValue', "'backwards' is invalid with 'strength' of 1");
}

function settings({ caseLevel, caseFirst, numericOrdering, alternate, maxVariable }: CollationOptions, strength: number): Intl.CollatorOptions {
  const sensitivity = strength === 1 ? (caseLevel ? 'case' : 'base') : strength === 2 && !caseLevel ? 'accent' : 'variant';
  return {
    sensitivity, numeric: numericOrdering ?? false, ignorePunctuation: alternate === 'shifted' && maxVariable !== 'space',
    ...(caseFirst === 'upper' || caseFirst === 'lower' ? { caseFirst } : {}),
  };
}

/** The names that a locale's `@collation=` has in a language tag, where they differ. */
const variants: Readonly<Record<string, string>> = { phonebook: 'phonebk', traditional: 'trad', dictionary: 'dict', gb2312han: 'gb2312' };

/** Languages that sort as the root does, so that Canadian French is the same with accents counted backwards. */
const plainLanguages = ['en', 'fr', 'de', 'it', 'nl', 'pt', 'ga', 'id', 'ms', 'sw', 'zu', 'lb'];

/** A locale as ICU writes it, `de_AT@collation=phonebook`, as a language tag. */
function languageTag({ locale, backwards }: CollationOptions): string {
  const match = /^([a-z]{2,3})((?:_[A-Za-z0-9]+)*)(?:@collation=(\w+))?$/.exec(locale);
  const [, language = '', rest = '', variant] = match ?? [];
  const name = rest === '_US_POSIX' ? `${language}-US-u-va-posix` : `${language}${rest.replaceAll('_', '-')}`;
  const tag = variant === undefined ? name : `${name}-u-co-${variants[variant] ?? variant}`;
  if (!match || !isKnown(tag)) throw new MongoError('BadValue', `Field 'locale' is invalid in: { locale: "${locale}" }`);
  const isBackwards = tag === 'fr-CA';
  if (backwards === undefined || backwards === isBackwards) return tag;
  if (isBackwards) return 'fr';
  if (!plainLanguages.includes(language) || variant !== undefined) throw new MongoError('NotImplemented', `backwards is not supported by this server with the locale ${locale}`);
  return 'fr-CA';
}

function isKnown(tag: string): boolean {
  try {
    return Intl.Collator.supportedLocalesOf(tag).length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** White space that `maxVariable: 'space'` ignores. */
const spaces = /[\t-\r \u0085\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/g;

function byStrength(options: CollationOptions, strength: number, collator: Intl.Collator, tag: string): Compare {
  const shifted = options.alternate === 'shifted';
  const plain: Compare = shifted && options.maxVariable === 'space'
    ? (a, b) => collator.compare(a.replace(spaces, ''), b.replace(spaces, ''))
    : (a, b) => collator.compare(a, b);
  if (strength <= 3) return plain;
  const levels: Compare[] = [plain];
  if (shifted) levels.push(byVariables(new Intl.Collator(tag), options.maxVariable === 'space'));
  if (tag === 'ja') levels.push(byKana);
  if (strength === 5) levels.push((a, b) => compareUtf8(a.normalize('NFD'), b.normalize('NFD')));
  return (a, b) => levels.reduce((order, level) => order || level(a, b), 0);
}

/** The fourth level: by what was shifted, each of which sorts before anything that was not. */
function byVariables(collator: Intl.Collator, spacesOnly: boolean): Compare {
  const isVariable = spacesOnly ? new RegExp(spaces.source) : /[\p{P}\p{Z}\t-\r\u0085]/u;
  const variablesOf = (text: string): (string | undefined)[] =>
    [...text].flatMap((char) => (isVariable.test(char) ? [char] : collator.compare(char, '') === 0 ? [] : [undefined]));
  return (a, b) => {
    const [x, y] = [variablesOf(a), variablesOf(b)];
    for (let at = 0; at < Math.min(x.length, y.length); at++) {
      const [one, other] = [x[at], y[at]];
      const order = one === undefined || other === undefined ? Number(one === undefined) - Number(other === undefined) : collator.compare(one, other);
      if (order !== 0) return order;
    }
    return x.length - y.length;
  };
}

/** In Japanese, hiragana before katakana. */
function byKana(a: string, b: string): number {
  const katakana = (text: string): string => text.replace(/./gsu, (char) => (/\p{Script=Katakana}/u.test(char) ? '1' : '0'));
  return compareUtf8(katakana(a), katakana(b));
}

/** Keys of strings: the first string seen of those that are equal stands for them all. */
function keysOf(compare: Compare): (text: string) => string {
  const known: string[] = [];
  const found = new Map<string, string>();
  return (text) => {
    const before = found.get(text);
    if (before !== undefined) return before;
    let [low, high] = [0, known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(known[middle] as string, text) < 0) low = middle + 1;
      else high = middle;
    }
    const candidate = known[low];
    const key = candidate !== undefined && compare(candidate, text) === 0 ? candidate : text;
    if (key === text) known.splice(low, 0, text);
    if (found.size > 10_000) found.clear();
    found.set(text, key);
    return key;
  };
}
