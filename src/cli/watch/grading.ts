import type { Exercise } from '../../course/types.ts';
import type { Grader } from '../../grading/index.ts';
import { practise } from '../practice.ts';
import type { Session } from '../session.ts';
import type { Mailbox } from './events.ts';

/** How long a silent check makes somebody wonder. */
const wonderMs = 5000;

/** Checks one exercise after the other, each once however often it was asked for meanwhile. */
export class Checking {
  readonly #session: Session;
  readonly #grader: Grader;
  readonly #mailbox: Mailbox;
  readonly #wanted: Exercise[] = [];
  #running: Exercise | undefined;

  constructor(session: Session, grader: Grader, mailbox: Mailbox) {
    this.#session = session;
    this.#grader = grader;
    this.#mailbox = mailbox;
  }

  /** True while the exercise is being checked, or is to be. */
  waits(exercise: Exercise): boolean {
    return this.#running === exercise || this.#wanted.includes(exercise);
  }

  /** Checks it next. What is being checked at this moment may be older than the save: it is checked again. */
  want(exercise: Exercise): void {
    if (!this.#wanted.includes(exercise)) this.#wanted.push(exercise);
    if (!this.#running) void this.#work();
  }

  async #work(): Promise<void> {
    for (let exercise = this.#wanted.shift(); exercise; exercise = this.#wanted.shift()) {
      this.#running = exercise;
      const timer = setInterval(() => this.#mailbox.push({ kind: 'still-running' }), wonderMs);
      try {
        const { verdict, firstPass } = await practise(this.#session, this.#grader, exercise);
        this.#running = undefined;
        this.#mailbox.push({ kind: 'graded', verdict, firstPass });
      } catch (error) {
        this.#running = undefined;
        this.#mailbox.push({ kind: 'failed', error });
        return;
      } finally {
        clearInterval(timer);
      }
    }
  }
}
