import type { CheckVerdict, SubmissionVerdict } from '../../verdict/types.ts';
import { checkText } from '../check-text.ts';
import { escapeMarkup as text } from '../markup.ts';
import type { ReporterKind } from '../reporter.ts';

/** JUnit's XML as CI servers read it: a suite for each exercise of a submission, a case for each check. */
export const reporter: ReporterKind = {
  summary: 'JUnit XML, for CI servers',
  create({ write }) {
    return {
      begin(meta) {
        write(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${text(meta.course.name)}">\n`);
      },
      submission(verdict) {
        write(suites(verdict));
      },
      end() {
        write('</testsuites>\n');
      },
    };
  },
};

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function suites(verdict: SubmissionVerdict): string {
  if (verdict.exercises.length === 0) {
    const reason = text(verdict.error ?? 'Nothing was handed in.');
    return `  <testsuite name="${text(verdict.name)}" tests="1" failures="0" errors="1" skipped="0" time="0">\n    <testcase name="submission" classname="${text(verdict.name)}" time="0"><error message="${reason}"/></testcase>\n  </testsuite>\n`;
  }
  return verdict.exercises.map((exercise) => {
    const count = (...statuses: string[]): number => exercise.checks.filter((check) => statuses.includes(check.status)).length;
    const name = text(`${verdict.name} ${exercise.id}`);
    const missing = exercise.checks.length === 0;
    const cases = missing ? [`    <testcase name="handed in" classname="${name}" time="0"><failure message="${exercise.status}"/></testcase>\n`] : exercise.checks.map((check) => testCase(name, check));
    return `  <testsuite name="${name}" tests="${cases.length}" failures="${missing ? 1 : count('failed', 'timeout')}" errors="${count('errored')}" skipped="${count('skipped')}" time="${seconds(exercise.durationMs)}">\n${cases.join('')}  </testsuite>\n`;
  }).join('');
}

function testCase(suite: string, check: CheckVerdict): string {
  const head = `    <testcase name="${text(check.title)}" classname="${suite}" time="${seconds(check.durationMs)}"`;
  if (check.status === 'passed') return `${head}/>\n`;
  if (check.status === 'skipped') return `${head}><skipped message="${text(check.message)}"/></testcase>\n`;
  const element = check.status === 'errored' ? 'error' : 'failure';
  return `${head}><${element} message="${text(check.cause ?? check.title)}">${text(checkText(check))}</${element}></testcase>\n`;
}
