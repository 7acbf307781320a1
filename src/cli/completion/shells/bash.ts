import type { CompletedCommand, Shell, Values } from '../model.ts';

export const shell: Shell = {
  install: ['npx mongo-course completion bash > ~/.mongo-course-completion.bash', 'echo "source ~/.mongo-course-completion.bash" >> ~/.bashrc'],
  // Understood by bash 3.2 too, which macOS has.
  script: (commands) => `_mongo_course() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at= word= option= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # Bash takes --option=value apart.
    [ "$word" = "=" ] && continue
    [ "\${COMP_WORDS[i + 1]}" = "=" ] && [ -z "$option" ] && { option=$word; continue; }
    [ -n "$option" ] && { option=; continue; }
    case "$at:$word" in
      ${takingValues(commands).join(' | ')}) option=$word; continue ;;
      ${commands.flatMap(({ paths }) => paths).filter((path) => path !== '').map((path) => `"${path.split(' ').slice(0, -1).join(' ')}:${path.split(' ').at(-1)}"`).join(' | ')}) at="\${at:+$at }$word" ;;
    esac
  done
  if [ -z "$option" ] && { [ "$cur" = "=" ] || [ "$word" = "=" ]; }; then
    [ "$cur" = "=" ] && cur=
    _mongo_course_paths -f
    return
  fi
  [ "$cur" = "=" ] && cur=
  case "$at:$option" in
${commands.flatMap((command) => command.options.flatMap(({ names, values }) => (values ? [`    ${patterns(command.paths, names)}) ${reply(values)}; return ;;`] : []))).join('\n')}
    *:?*) _mongo_course_paths -f; return ;;
  esac
  case "$at" in
${commands.map((command) => `    ${command.paths.map((path) => `"${path}"`).join(' | ')})
      if [ "\${cur:0:1}" = "-" ]; then _mongo_course_words "${[...command.options, ...global(commands, command)].flatMap(({ names }) => names).join(' ')}"
      else ${reply({ words: [...command.commands.flatMap(({ paths }) => paths.map((path) => path.split(' ').at(-1) as string)), ...command.arguments.words], paths: command.arguments.paths })}; fi ;;`).join('\n')}
  esac
}

_mongo_course_words() {
  local IFS=$' \\n'
  COMPREPLY+=($(compgen -W "$1" -- "$cur"))
}

_mongo_course_paths() {
  local path
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$cur")
  compopt -o filenames 2>/dev/null || true
}

# npx mongo-course …; whatever else npx is asked for goes where it went before.
case $(complete -p npx 2>/dev/null) in
  *" _mongo_course_npx "*) ;;
  *" -F "*) _mongo_course_npx_before=$(complete -p npx | sed -n 's/.* -F \\([^ ]*\\) .*/\\1/p') ;;
esac
_mongo_course_npx() {
  if [ "\${COMP_WORDS[1]}" = "mongo-course" ] && [ "$COMP_CWORD" -gt 1 ]; then
    COMP_WORDS=("\${COMP_WORDS[@]:1}")
    COMP_CWORD=$((COMP_CWORD - 1))
    _mongo_course
  elif [ -n "$_mongo_course_npx_before" ]; then
    "$_mongo_course_npx_before" "$@"
  fi
}

complete -F _mongo_course mongo-course
complete -o default -F _mongo_course_npx npx
`,
};

/** Options of the program are understood in every command. */
const global = (commands: readonly CompletedCommand[], command: CompletedCommand): CompletedCommand['options'] =>
  command.paths[0] === '' ? [] : (commands[0]?.options ?? []).filter(({ names }) => !names.some((name) => ['--help', '--version'].includes(name)));

/** Patterns of `case` for an option in a command: the program's own anywhere. */
const patterns = (paths: readonly string[], names: readonly string[]): string => paths.flatMap((path) => names.map((name) => (path === '' ? `*:${name}` : `"${path}:${name}"`))).join(' | ');

const takingValues = (commands: readonly CompletedCommand[]): string[] => commands.flatMap(({ paths, options }) => options.filter(({ values }) => values).map(({ names }) => patterns(paths, names)));

function reply({ words, paths }: Values): string {
  const parts = [...(words.length > 0 ? [`_mongo_course_words "${words.join(' ')}"`] : []), ...(paths === 'none' ? [] : [`_mongo_course_paths ${paths === 'files' ? '-f' : '-d'}`])];
  return parts.join('; ') || ':';
}
