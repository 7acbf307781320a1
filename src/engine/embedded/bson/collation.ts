import { MongoError } from '../errors.ts';

/** How strings compare where an operation has a collation. https://www.mongodb.com/docs/manual/reference/collation/ */
export interface Collation {
  compare(a: string, b: string): number;
  /** Equal for strings that compare as equal. */
  key(text: string): string;
  /** The options in full, to compare two collations with. */
  readonly id: string;
}

export interface CollationOptions {
  locale: string;
  strength?: number;
  caseLevel?: boolean;
  caseFirst?: string;
  numericOrdering?: boolean;
  alternate?: string;
}

/** @throws MongoError BadValue where the locale is unknown */
export function createCollation(options: CollationOptions): Collation | undefined {
  if (options.locale === 'simple') return undefined;
  const strength = options.strength ?? 3;
  const sensitivity = strength === 1 ? (options.caseLevel ? 'case' : 'base') : strength === 2 ? (options.caseLevel ? 'variant' : 'accent') : 'variant';
  let collator: Intl.Collator;
  try {
    collator = new Intl.Collator(options.locale.replace(/_/g, '-'), {
      sensitivity, numeric: options.numericOrdering ?? false, ignorePunctuation: options.alternate === 'shifted',
      ...(options.caseFirst === 'upper' || options.caseFirst === 'lower' ? { caseFirst: options.caseFirst } : {}),
    });
  } catch {
    throw new MongoError('BadValue', `Field 'locale' is invalid in: { locale: "${options.locale}" }`);
  }
  const id = JSON.stringify({ ...options, strength });
  const known: string[] = [];
  return {
    id,
    compare: (a, b) => collator.compare(a, b),
    key: (text) => {
      const plain = text.normalize('NFD');
      if (sensitivity === 'variant' && !options.numericOrdering) return plain;
      const same = known.find((other) => collator.compare(other, text) === 0);
      if (same !== undefined) return same;
      known.push(text);
      return text;
    },
  };
}
