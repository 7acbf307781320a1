/** What the name of a file or folder of a learning platform's export says. */
export interface ExportName {
  /** The student, as the platform writes the name there. */
  name: string;
  /** The platform's own numbers, by which a roster may know the student. */
  ids: string[];
  /** The platform marked it as late. */
  late?: boolean;
}

/**
 * Reads a name as Moodle (`Ada Lovelace_12345_assignsubmission_file_`), Canvas (`lovelaceada_LATE_123_456_work.zip`) or
 * Gradescope (`submission_123456`) writes it; any other is the student's as it stands.
 */
export function readExportName(entry: string): ExportName {
  const plain = entry.normalize('NFC').replace(/\.zip$/i, '');
  const moodle = /^(.+?)_(\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?$/s.exec(plain);
  if (moodle) return { name: moodle[1] as string, ids: [moodle[2] as string] };
  const gradescope = /^submission_(\d+)$/.exec(plain);
  if (gradescope) return { name: plain, ids: [gradescope[1] as string] };
  const canvas = /^([^_\s]+)_(LATE_)?(\d+)_(\d+)_.+$/s.exec(plain);
  if (canvas) return { name: canvas[1] as string, ids: [canvas[3] as string, canvas[4] as string], ...(canvas[2] ? { late: true } : {}) };
  return { name: plain, ids: [] };
}
