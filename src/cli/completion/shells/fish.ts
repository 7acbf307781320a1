import type { CompletedCommand, CompletedOption, Shell } from '../model.ts';

export const shell: Shell = {
  install: ['mkdir -p ~/.config/fish/conf.d', 'npx mongo-course completion fish > ~/.config/fish/conf.d/mongo-course.fish'],
  script: (commands) => `# The commands that stand in front of the cursor: "report merge". Fails where this is not our line.
function __mongo_course_at
  set -l words (commandline -opc)
  if test "$words[1]" = npx
    test (count $words) -ge 2 -a "$words[2]" = mongo-course; or return 1
    set -e words[1]
  end
  set -e words[1]
  set -l at ''
  set -l skip ''
  for word in $words
    if test -n "$skip"
      set skip ''
      continue
    end
    switch "$at:$word"
      case ${commands.flatMap(({ paths, options }) => options.filter(({ values }) => values).flatMap(({ names }) => paths.flatMap((path) => names.map((name) => (path === '' ? `'*:${name}'` : `'${path}:${name}'`))))).join(' ')}
        set skip 1
      case ${commands.flatMap(({ paths }) => paths).filter((path) => path !== '').map((path) => `'${path.split(' ').slice(0, -1).join(' ')}:${path.split(' ').at(-1)}'`).join(' ')}
        set at (string trim "$at $word")
    end
  end
  test "$at" = "$argv[1]"
end

for program in mongo-course npx
${commands.map((command) => lines(command, command.paths[0] === '' ? commands.slice(1).flatMap(({ paths }) => paths) : []).map((line) => `  complete -c $program ${line}`).join('\n')).join('\n')}
end
`,
};

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** @param elsewhere where the command's options are understood too */
function lines(command: CompletedCommand, elsewhere: readonly string[]): string[] {
  return command.paths.flatMap((path) => {
    const here = `-n ${quote(`__mongo_course_at "${path}"`)}`;
    const options = [path, ...elsewhere].flatMap((at) => command.options.filter(({ names }) => at === path || !names.some((name) => ['--help', '--version'].includes(name))).map((option) => `-n ${quote(`__mongo_course_at "${at}"`)} ${optionOf(option)}`));
    return [
      ...(command.arguments.paths === 'files' ? [] : [`${here} -f${command.arguments.paths === 'folders' ? ' -a "(__fish_complete_directories)"' : ''}`]),
      ...(command.arguments.words.length > 0 ? [`${here} -a ${quote(command.arguments.words.join(' '))}`] : []),
      ...command.commands.flatMap(({ paths, description }) => paths.filter((inner) => (path === '' ? !inner.includes(' ') : inner.startsWith(`${path} `))).map((inner) => `${here} -a ${inner.split(' ').at(-1)} -d ${quote(description)}`)),
      ...options,
    ];
  });
}

function optionOf({ names, description, values }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
  const taken = values === undefined ? '' : values.paths === 'files' ? ' -r' : ' -x';
  const words = values === undefined ? '' : values.paths === 'folders' ? ' -a "(__fish_complete_directories)"' : values.words.length > 0 ? ` -a ${quote(values.words.join(' '))}` : '';
  return `${flags}${taken}${words} -d ${quote(description)}`;
}
