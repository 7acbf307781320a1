import { gradeOf } from '../gradebook.ts';
import type { ReporterKind } from '../reporter.ts';
import { csvLine } from '../table.ts';

/** What Canvas knows students by, in the order that its import asks for. */
const known = ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Integration ID', 'Root Account', 'Section'] as const;
/** Without these there is no import. */
const needed = new Set<string>(['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section']);

/**
 * A CSV that Canvas's gradebook imports: its columns of students, one of points, and the row `Points Possible`. Other
 * assignments that the roster has are left out, so that an import changes none of them. Format: Canvas's guide "How do I
 * import grades in the Gradebook?", and what its importer takes.
 */
export const reporter: ReporterKind = {
  summary: 'CSV that Canvas’s gradebook imports; its own export is the roster',
  create({ write, assignment }) {
    const rows: { name: string; student: Readonly<Record<string, string>>; grade: number | undefined }[] = [];
    let title = assignment ?? '';
    let possible = 0;
    return {
      begin(meta) {
        title ||= meta.course.name;
      },
      submission(verdict) {
        rows.push({ name: verdict.name, student: verdict.student ?? {}, grade: gradeOf(verdict) });
        possible = Math.max(possible, verdict.maxScore);
      },
      end() {
        const has = new Set(rows.flatMap(({ student }) => Object.keys(student)));
        const columns = known.filter((column) => needed.has(column) || has.has(column));
        write(csvLine([...columns, columnOf(title, has)]));
        write(csvLine(['    Points Possible', ...columns.slice(1).map(() => ''), possible]));
        for (const { name, student, grade } of rows) write(csvLine([...columns.map((column) => student[column] ?? (column === 'Student' ? name : '')), grade]));
      },
    };
  },
};

/** As Canvas names the column of an assignment that it has, `Title (123)`; a title alone makes a new one. */
function columnOf(title: string, has: ReadonlySet<string>): string {
  const there = [...has].filter((column) => column === title || column.replace(/ \(\d+\)$/, '') === title);
  return there.length === 1 ? (there[0] as string) : title;
}
