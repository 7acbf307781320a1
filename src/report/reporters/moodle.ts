import type { SubmissionVerdict } from '../../verdict/types.ts';
import { gradeOf } from '../gradebook.ts';
import { escapeMarkup } from '../markup.ts';
import type { ReporterKind } from '../reporter.ts';
import { csvLine } from '../table.ts';

const [grade, feedback] = ['Grade', 'Feedback comments'];
/** Of one comment, in characters; the whole is in the feedback file. */
const mostFeedback = 4000;

/**
 * A CSV for Moodle: every column of the roster as it is, with `Grade` and `Feedback comments` filled in, which is what an
 * assignment's grading worksheet is imported by (it refuses rows without their `Identifier` and `Last modified (grade)`),
 * and a gradebook by its columns for e-mail address or ID number. Format: Moodle's pages "Grade import" and "Assignment
 * settings", offline grading worksheet.
 */
export const reporter: ReporterKind = {
  summary: 'CSV that Moodle imports; an assignment’s grading worksheet is the roster',
  create({ write }) {
    let columns: string[] | undefined;
    /** Who is in no roster comes last, when the columns are known. */
    const others: SubmissionVerdict[] = [];
    const row = (verdict: SubmissionVerdict, names: readonly string[]): void => {
      write(csvLine(names.map((column) => {
        if (column === grade) return gradeOf(verdict) ?? verdict.student?.[grade];
        if (column === feedback) return comment(verdict);
        return verdict.student?.[column] ?? (column === 'Full name' ? verdict.name : '');
      })));
    };
    const head = (verdict?: SubmissionVerdict): string[] => {
      if (columns) return columns;
      const known = Object.keys(verdict?.student ?? { 'Full name': '' });
      columns = [...known, ...[grade, feedback].filter((column) => !known.includes(column))];
      write(csvLine(columns));
      return columns;
    };
    return {
      begin() {},
      submission(verdict) {
        if (verdict.student) row(verdict, head(verdict));
        else others.push({ ...verdict });
      },
      end() {
        const names = head();
        for (const verdict of others) row(verdict, names);
      },
    };
  },
};

/** What failed and what helps, as the HTML that Moodle takes comments for: nothing of a submission is markup there. */
function comment(verdict: SubmissionVerdict): string {
  if (verdict.status === 'missing') return '';
  const lines = [`${verdict.score} of ${verdict.maxScore} points${verdict.lateBy === undefined || verdict.lateBy === 'unknown' ? '' : `, late by ${verdict.lateBy}`}`];
  if (verdict.error !== undefined) lines.push(verdict.error);
  for (const exercise of verdict.exercises) {
    lines.push(`${exercise.id}: ${exercise.status === 'missing' ? 'not handed in' : `${exercise.score} of ${exercise.maxScore}`}`);
    for (const check of exercise.checks) {
      if (check.status === 'passed' || check.status === 'skipped') continue;
      lines.push(`– ${check.title}: ${[check.message, check.hint].filter((part) => part !== undefined && part !== '').join(' ')}`);
    }
  }
  const text = lines.join('\n');
  return escapeMarkup(text.length > mostFeedback ? `${text.slice(0, mostFeedback)}…` : text).replaceAll('\n', '<br>');
}
