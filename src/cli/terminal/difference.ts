export interface DifferenceLine {
  kind: 'same' | 'removed' | 'added';
  line: string;
}

/** The difference of two texts by lines: a longest common subsequence, so that moved context stays readable. */
export function lineDifference(before: string, after: string): DifferenceLine[] {
  const a = lines(before);
  const b = lines(after);
  const common = lengths(a, b);
  const result: DifferenceLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      result.push({ kind: 'same', line: a[i] as string });
      [i, j] = [i + 1, j + 1];
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      result.push({ kind: 'removed', line: a[i++] as string });
    } else {
      result.push({ kind: 'added', line: b[j++] as string });
    }
  }
  return result;
}

const lines = (text: string): string[] => text.replace(/\r\n/g, '\n').replace(/\n$/, '').split('\n');

const at = (table: number[][], i: number, j: number): number => table[i]?.[j] ?? 0;

function lengths(a: string[], b: string[]): number[][] {
  const table: number[][] = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      (table[i] as number[])[j] = a[i] === b[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}
