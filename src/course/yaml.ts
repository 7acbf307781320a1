import { isMap, isNode, isPair, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import type { Problem } from './problems.ts';

export interface YamlSource {
  /** Relative to the course's root. */
  file: string;
  text: string;
  /** Line of the file on which `text` begins; 1 unless it is front matter. */
  firstLine?: number;
}

/**
 * Parses YAML and checks it; each mistake becomes a problem with the line and column of the field that is wrong.
 * @returns the checked value, or undefined where there were problems
 */
export function readYaml<T>(source: YamlSource, schema: z.ZodType<T>, problems: Problem[]): T | undefined {
  const { document, place } = parse(source);
  if (document.errors.length > 0) {
    // What follows a first mistake is mostly its consequence.
    const error = document.errors[0] as (typeof document.errors)[number];
    problems.push({ file: source.file, ...place(error.pos[0]), message: `not valid YAML: ${error.message}` });
    return undefined;
  }
  const result = schema.safeParse(document.toJS() ?? {}, { error: explain });
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    for (const path of fieldsOf(issue)) {
      problems.push({ file: source.file, ...place(offsetOf(document, path)), field: fieldName(path), message: issue.message });
    }
  }
  return undefined;
}

/** Line and column of a field, by the name that `Problem.field` has: `points.stores`, `questions[2].answers`. */
export function placeOfField(source: YamlSource, field: string): { line: number; column: number } {
  const { document, place } = parse(source);
  const path = [...field.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) => (index === undefined ? (key as string) : Number(index)));
  return place(offsetOf(document, path));
}

function parse(source: YamlSource): { document: Document.Parsed; place: (offset: number) => { line: number; column: number } } {
  const counter = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: counter, prettyErrors: false });
  return {
    document,
    place: (offset) => {
      const { line, col } = counter.linePos(offset);
      return { line: line + (source.firstLine ?? 1) - 1, column: col };
    },
  };
}

/** Unknown keys are told one by one, each at its own place. */
function fieldsOf(issue: z.core.$ZodIssue): PropertyKey[][] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...issue.path, key]);
  return [issue.path];
}

/** What was expected, in words an author understands; undefined leaves Zod's own. */
function explain(issue: z.core.$ZodRawIssue): string | undefined {
  const missing = issue.input === undefined;
  switch (issue.code) {
    case 'invalid_type': {
      const expected = nouns[issue.expected] ?? issue.expected;
      return missing ? `is missing: expected ${expected}` : `expected ${expected}, found ${show(issue.input)}`;
    }
    case 'invalid_value': {
      const values = issue.values.map(String).join(' or ');
      return missing ? `is missing: expected ${values}` : `expected ${values}, found ${show(issue.input)}`;
    }
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty';
      if (issue.origin === 'array') return `needs at least ${issue.minimum}`;
      return `expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}, found ${show(issue.input)}`;
    case 'too_big': return `expected at most ${issue.maximum}, found ${show(issue.input)}`;
    case 'invalid_key': return issue.issues[0]?.message;
    case 'unrecognized_keys': return 'is no field here; look for a typing error';
    default: return undefined;
  }
}

const nouns: Record<string, string> = {
  string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'fields', record: 'fields',
};

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** `questions[2].answers`. */
function fieldName(path: readonly PropertyKey[]): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('');
}

/** Where in the text the field is, or the nearest thing around it that is there. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = start(node) ?? 0;
  for (const key of path) {
    const next = child(node, key);
    if (next === undefined) return offset;
    offset = next.offset ?? offset;
    node = next.value;
  }
  return offset;
}

function child(node: unknown, key: PropertyKey): { value: unknown; offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && String(isNode(item.key) ? (item.key as Node & { value?: unknown }).value : item.key) === String(key));
    return pair && { value: pair.value, offset: start(pair.key) };
  }
  if (isSeq(node) && typeof key === 'number') {
    const item = node.items[key];
    return item === undefined ? undefined : { value: item, offset: start(item) };
  }
  return undefined;
}

const start = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);
