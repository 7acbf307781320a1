import { UserError } from '../errors.ts';
import type { Course } from '../course/types.ts';
import type { EngineKindId } from '../engine/engine.ts';
import { createGrader, type Grader, type GraderEvent } from '../grading/index.ts';
import type { Cli } from './context.ts';

export interface GraderChoice {
  engine?: string | undefined;
  mongoUri?: string | undefined;
  jobs?: number;
  timeoutMs?: number;
  sandbox?: string;
  /** Bring back what was stored, for `shell`. */
  keepData?: boolean;
  packages?: { own: boolean; folder?: string };
  /** Ids of exercises whose points are a bonus. */
  bonus?: readonly string[];
  onEvent?: (event: GraderEvent) => void;
}

/**
 * A grader on the engine that options and environment ask for: `--mongo-uri`, `--engine`, `MONGO_COURSE_URI`,
 * `MONGO_COURSE_ENGINE`, in this order; else the embedded one. Ends with Ctrl-C.
 */
export async function openGrader(cli: Cli, course: Course, choice: GraderChoice): Promise<Grader> {
  const engine = chooseEngine(cli.env, choice);
  return createGrader({
    course, engine, signal: cli.signal, jobs: choice.jobs ?? 1,
    ...(choice.timeoutMs === undefined ? {} : { timeoutMs: choice.timeoutMs }),
    ...(choice.sandbox === undefined ? {} : { sandbox: choice.sandbox }),
    ...(choice.keepData === undefined ? {} : { keepData: choice.keepData }),
    ...(choice.packages === undefined ? {} : { packages: choice.packages }),
    ...(choice.bonus === undefined ? {} : { bonus: choice.bonus }),
    ...(choice.onEvent === undefined ? {} : { onEvent: choice.onEvent }),
  });
}

function chooseEngine(env: Cli['env'], choice: GraderChoice): { kind: EngineKindId; uri?: string } {
  const uri = choice.mongoUri ?? (choice.engine === undefined ? env.MONGO_COURSE_URI : undefined);
  if (choice.mongoUri !== undefined && choice.engine !== undefined) {
    throw new UserError('--engine and --mongo-uri exclude each other.', { wayOut: 'Give one of them.' });
  }
  if (uri) {
    if (!/^mongodb(\+srv)?:\/\//.test(uri)) throw new UserError('The MongoDB URI must begin with mongodb:// or mongodb+srv://.', { wayOut: 'For example: --mongo-uri mongodb://127.0.0.1:27017/' });
    return { kind: 'external', uri };
  }
  const kind = choice.engine ?? (env.MONGO_COURSE_ENGINE || 'embedded');
  if (kind !== 'embedded' && kind !== 'mongod') {
    throw new UserError(`There is no engine "${kind}".`, { wayOut: 'Choose embedded or mongod, or give --mongo-uri.' });
  }
  return { kind };
}
