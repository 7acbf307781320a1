import { join, relative } from 'node:path';
import type { Exercise } from '../../course/types.ts';
import { exitCodes, type ExitCode } from '../../errors.ts';
import type { Grader } from '../../grading/index.ts';
import type { ExerciseVerdict } from '../../verdict/types.ts';
import { touchedFiles } from '../../workbook/exercises.ts';
import type { Session } from '../session.ts';
import { commandLines } from '../terminal/captured.ts';
import { leavingInterrupts } from '../terminal/interrupts.ts';
import { readOn } from '../walk.ts';
import { aside, pause } from './aside.ts';
import { chooseEditor, openEditor } from './editor.ts';
import type { Mailbox } from './events.ts';
import { Checking } from './grading.ts';
import type { Key, Keyboard } from './keys.ts';
import { Saves } from './saves.ts';
import type { Screen } from './screen.ts';
import { failingPlace, verdictLines } from './texts.ts';

export interface WatchOptions {
  session: Session;
  exercise: Exercise;
  /** Only this exercise, whatever else is saved. */
  only: boolean;
  grader: Grader;
  mailbox: Mailbox;
  screen: Screen;
  /** Absent where nobody can press a key. */
  keyboard: Keyboard | undefined;
}

/** `watch`: takes one event after the other until the person, or a signal, ends it. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #checking: Checking;
  readonly #verdicts = new Map<string, ExerciseVerdict>();
  #exercise: Exercise;
  #edited: string | undefined;
  #checksDone = 0;
  /** What is on the screen: made anew when its width changes. */
  #show: () => string[] | Promise<string[]> = () => [];
  #resetAsked = false;
  /** Something else was asked for since the check began: it stays on the screen when the verdict comes. */
  #reading = false;
  #saves: Saves | undefined;
  #end: ExitCode | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#exercise = options.exercise;
    this.#checking = new Checking(options.session, options.grader, options.mailbox);
  }

  async run(): Promise<ExitCode> {
    const { mailbox, screen, session, keyboard } = this.#options;
    this.#saves = await Saves.start({
      workbook: session.workbook, exercises: () => this.#watched(),
      onSave: (exercise, file) => mailbox.push({ kind: 'saved', exercise, file }),
      onError: (error) => mailbox.push({ kind: 'failed', error }),
    });
    try {
      this.#status();
      screen.enter();
      keyboard?.on();
      await this.#begin();
      while (this.#end === undefined) await this.#step();
      return this.#end;
    } finally {
      this.#saves.close();
      keyboard?.off();
      screen.leave();
    }
  }

  #watched(): string[] {
    const { only, session } = this.#options;
    return only ? [this.#exercise.id] : session.course.exercises.map((exercise) => exercise.id);
  }

  /** Checks at once what was worked on; shows the task where nothing was yet. */
  async #begin(): Promise<void> {
    const { session } = this.#options;
    if ((await touchedFiles(session.workbook, session.course, this.#exercise)).length > 0) return this.#check(this.#exercise);
    this.#status();
    await this.#command('task', this.#exercise.id);
  }

  async #step(): Promise<void> {
    const { mailbox, screen } = this.#options;
    const event = await mailbox.next();
    switch (event.kind) {
      case 'key': return this.#press(event.key);
      case 'saved': return this.#saved(event.exercise, event.file);
      case 'check-done':
        this.#checksDone++;
        return this.#status();
      case 'graded': return this.#graded(event.verdict);
      case 'resized': return this.#refresh();
      case 'still-running': return screen.stillRunning();
      case 'stopped':
        this.#end = exitCodes.interrupted;
        return;
      case 'failed': throw event.error;
    }
  }

  #saved(id: string, file: string | undefined): void {
    const exercise = this.#options.session.course.exercises.find((one) => one.id === id);
    if (!exercise) return;
    this.#edited = file;
    if (exercise.id !== this.#exercise.id) this.#verdicts.delete(exercise.id);
    this.#exercise = exercise;
    this.#check(exercise);
  }

  #check(exercise: Exercise): void {
    this.#checksDone = 0;
    // An editor may save in two steps: the second is no new beginning.
    if (!this.#checking.waits(exercise)) this.#reading = false;
    this.#checking.want(exercise);
    this.#status();
  }

  async #graded(verdict: ExerciseVerdict): Promise<void> {
    this.#verdicts.set(verdict.id, verdict);
    this.#checksDone = 0;
    this.#status();
    if (verdict.id !== this.#exercise.id) return;
    if (!this.#reading || !this.#options.screen.replaces) return this.#showVerdict(verdict);
    const passing = verdict.checks.filter((check) => check.status === 'passed').length;
    this.#options.screen.notice(`Checked: ${passing} of ${verdict.checks.length} checks pass. Esc shows more.`);
  }

  #showVerdict(verdict: ExerciseVerdict): Promise<void> {
    const { session } = this.#options;
    const seed = session.progress.exercises[verdict.id]?.seed ?? 0;
    return this.#display(() => verdictLines(session.cli.terminal, verdict, seed, (at) => this.#placeOf(at)));
  }

  async #press(key: Key): Promise<void> {
    const { screen } = this.#options;
    if (screen.scroll(key)) return;
    if (this.#resetAsked) return this.#answerReset(key);
    const id = this.#exercise.id;
    const actions: Record<string, () => void | Promise<void>> = {
      q: () => void (this.#end = exitCodes.ok),
      'ctrl-c': () => void (this.#end = exitCodes.interrupted),
      'ctrl-z': () => pause(this.#options),
      r: () => this.#check(this.#exercise),
      c: () => this.#checkAll(),
      h: () => this.#read('hint', id),
      t: () => this.#read('task', id),
      l: () => this.#read('list'),
      d: () => this.#read('trace', id),
      e: () => this.#edit(),
      n: () => this.#next(),
      x: () => this.#askReset(),
      escape: () => this.#back(),
    };
    await actions[key]?.();
  }

  async #command(...args: string[]): Promise<void> {
    const { session } = this.#options;
    // Run once: hint moves on each time.
    let lines = await commandLines(session.cli, session.workbook, args);
    let { width } = session.cli.terminal;
    await this.#display(async () => {
      if (width !== session.cli.terminal.width && args[0] !== 'hint') {
        width = session.cli.terminal.width;
        lines = await commandLines(session.cli, session.workbook, args);
      }
      return lines;
    });
  }

  #read(...args: string[]): Promise<void> {
    this.#reading = true;
    return this.#command(...args);
  }

  async #back(): Promise<void> {
    this.#reading = false;
    const verdict = this.#verdicts.get(this.#exercise.id);
    if (verdict) await this.#showVerdict(verdict);
    else await this.#command('task', this.#exercise.id);
  }

  async #checkAll(): Promise<void> {
    const { session } = this.#options;
    const opened = session.course.exercises.filter((exercise) => session.progress.exercises[exercise.id]);
    const touched: Exercise[] = [];
    for (const exercise of opened) if ((await touchedFiles(session.workbook, session.course, exercise)).length > 0) touched.push(exercise);
    if (touched.length === 0) return this.#options.screen.notice('Nothing was written yet, so there is nothing to check.');
    for (const exercise of touched) this.#check(exercise);
    await this.#display(() => touched.map((exercise) => {
      const verdict = this.#verdicts.get(exercise.id);
      const state = this.#checking.waits(exercise) ? 'checking' : verdict ? `${verdict.status}, ${verdict.score} of ${verdict.maxScore} points` : 'not checked';
      return `${exercise.id}  ${exercise.title}: ${state}`;
    }));
  }

  /** Lessons and quizzes up to the next exercise, then on with that one. */
  async #next(): Promise<void> {
    const { session, screen } = this.#options;
    if (!session.progress.exercises[this.#exercise.id]?.passedAt) {
      screen.notice(`${this.#exercise.id} has not passed yet. To put it off: npx mongo-course skip`);
      return;
    }
    const exercise = await aside(this.#options, () => readOn(session));
    if (!exercise) return screen.notice('That was the last exercise of the way. Press l to see everything you did.');
    this.#exercise = exercise;
    this.#edited = undefined;
    await this.#saves?.settle();
    await this.#begin();
  }

  async #edit(): Promise<void> {
    const { session, screen } = this.#options;
    const place = failingPlace(this.#exercise, this.#verdicts.get(this.#exercise.id));
    const shown = this.#placeOf(`${place.file}:${place.line}`);
    const editor = chooseEditor(session.cli.env, { ...place, file: join(session.workbook, this.#exercise.id, place.file) });
    if (!editor) return screen.notice(`No editor is set. Open ${shown}, or set EDITOR.`);
    const open = (): Promise<string | undefined> => openEditor(editor, session.workbook);
    const problem = editor.takesTerminal ? await aside(this.#options, () => leavingInterrupts(open)) : await open();
    screen.notice(problem ?? `Opened ${shown}.`);
  }

  #askReset(): void {
    this.#resetAsked = true;
    this.#options.screen.notice(`Put the starter files of ${this.#exercise.id} back? Yours are kept in a backup. y: yes, any other key: no`);
  }

  async #answerReset(key: Key): Promise<void> {
    const { screen } = this.#options;
    this.#resetAsked = false;
    if (key === 'ctrl-c') return void (this.#end = exitCodes.interrupted);
    if (key !== 'y') return screen.notice('Nothing was changed.');
    await this.#command('reset', this.#exercise.id);
    this.#verdicts.delete(this.#exercise.id);
    await this.#saves?.settle();
    this.#status();
  }

  async #display(show: () => string[] | Promise<string[]>): Promise<void> {
    this.#show = show;
    this.#options.screen.text(await show());
  }

  async #refresh(): Promise<void> {
    this.#status();
    this.#options.screen.text(await this.#show());
  }

  #placeOf(at: string): string {
    const { session } = this.#options;
    return relative(session.cli.cwd, join(session.workbook, this.#exercise.id, at)) || at;
  }

  #status(): void {
    const { session, screen } = this.#options;
    const { exercises } = session.course;
    const exercise = this.#exercise;
    const verdict = this.#verdicts.get(exercise.id);
    const checking = this.#checking.waits(exercise);
    const passed = exercises.filter((one) => session.progress.exercises[one.id]?.passedAt).length;
    const of = verdict?.checks.length ?? Object.keys(exercise.points).length + 1;
    screen.status({
      title: `${exercise.id}  ${exercise.title}`, position: `${passed} of ${exercises.length} exercises passed`, of,
      done: checking ? Math.min(of, this.#checksDone) : (verdict?.checks.filter((check) => check.status === 'passed').length ?? 0),
      state: checking ? 'checking' : !verdict ? 'waiting' : verdict.status === 'passed' ? 'passed' : 'failed',
      file: `${exercise.id}/${this.#edited ?? failingPlace(exercise, verdict).file}`,
    });
  }
}
