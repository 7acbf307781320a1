/**
 * A cell as a spreadsheet may read it: what would start a formula there is kept as text, control characters are left out.
 * A number, or a dash alone, starts none.
 * OWASP calls the attack CSV injection.
 */
function safeCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const plain = value.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '').replace(/\s*[\r\n]+\s*/g, ' ');
  return /^[\s]*[=+\-@\t|%]/.test(plain) && !/^[+-]?(\d+([.,]\d+)?)?$/.test(plain) ? `'${plain}` : plain;
}

/** One line of CSV (RFC 4180), with its line ending. */
export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell) => quoted(safeCell(cell))).join(',')}\r\n`;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
