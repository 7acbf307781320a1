import type { Command, Option } from 'commander';
import { registryIds } from '../../registry.ts';
import type { Course } from '../../course/types.ts';

/** What can stand at a place: these words, and files or folders. */
export interface Values {
  words: string[];
  paths: 'none' | 'files' | 'folders';
}

export interface CompletedOption {
  /** `-p`, `--port`. */
  names: string[];
  description: string;
  /** Undefined where it takes no value. */
  values?: Values;
}

/** A command, or one of its own commands, as a shell needs to know it. */
export interface CompletedCommand {
  /** The words that lead to it, `report merge`; empty for the program. Several where it has other names. */
  paths: string[];
  description: string;
  options: CompletedOption[];
  arguments: Values;
  commands: CompletedCommand[];
}

/** One file in `shells/` exports `shell`, one of these. */
export interface Shell {
  /** How to have it in every shell from now on, as lines. */
  install: string[];
  /** The whole script, without its first comment. */
  script(commands: readonly CompletedCommand[]): string;
}

/** The program and all its commands, each with its options and what can follow, as commander and the course know them. */
export function completedCommands(program: Command, course: Course): CompletedCommand[] {
  const root = completed(program, [''], course);
  const flat = (command: CompletedCommand): CompletedCommand[] => [command, ...command.commands.flatMap(flat)];
  return flat(root);
}

function completed(command: Command, paths: string[], course: Course): CompletedCommand {
  const help = command.createHelp();
  const inner = [...help.visibleCommands(command)].sort((a, b) => (a.name() < b.name() ? -1 : 1));
  const names = inner.filter((one) => one.name() !== 'help').flatMap((one) => [one.name(), ...one.aliases()]);
  const commands = inner.map((one) => {
    const below = paths.flatMap((path) => [one.name(), ...one.aliases()].map((name) => (path === '' ? name : `${path} ${name}`)));
    const child = completed(one, below, course);
    return one.name() === 'help' ? { ...child, arguments: { words: names, paths: 'none' as const } } : child;
  });
  return {
    paths, commands, description: command.summary() || command.description(),
    options: help.visibleOptions(command).map((option) => completedOption(option, command, course)),
    arguments: command.registeredArguments.map((argument) => argument.argChoices ? { words: [...argument.argChoices], paths: 'none' as const } : valuesOf(argument.name(), command, course))
      .reduce<Values>((all, one) => ({ words: [...all.words, ...one.words], paths: one.paths === 'none' ? all.paths : one.paths }), { words: [], paths: 'none' }),
  };
}

function completedOption(option: Option, command: Command, course: Course): CompletedOption {
  const names = [option.short, option.long].filter((name): name is string => name !== undefined && name !== null);
  if (!option.required && !option.optional) return { names, description: option.description };
  const value = /[<[](.+?)(?:\.\.\.)?[>\]]/.exec(option.flags)?.[1] ?? '';
  return { names, description: option.description, values: option.argChoices ? { words: [...option.argChoices], paths: 'none' } : valuesOf(value, command, course) };
}

/** What the name of an argument or of an option's value stands for. */
function valuesOf(name: string, command: Command, course: Course): Values {
  const exercises = course.exercises.map(({ id }) => id);
  const words: Record<string, () => string[]> = {
    id: () => {
      if (command.name() === 'lesson') return course.lessons.map(({ id }) => id);
      if (command.name() === 'quiz') return course.quizzes.map(({ id }) => id);
      return command.name() === 'new' ? [] : exercises;
    },
    ids: () => exercises, targets: () => exercises,
    name: () => registryIds(new URL('../../report/reporters/', import.meta.url)),
  };
  return { words: words[name]?.() ?? [], paths: /^(?:dir|folder)$/.test(name) ? 'folders' : /^(?:targets|files?(?:\..*)?|old|new|csv|yaml)$/.test(name) ? 'files' : 'none' };
}
