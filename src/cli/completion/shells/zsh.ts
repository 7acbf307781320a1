import type { CompletedCommand, Shell, Values } from '../model.ts';

export const shell: Shell = {
  install: ['npx mongo-course completion zsh > ~/.mongo-course-completion.zsh', 'echo "source ~/.mongo-course-completion.zsh" >> ~/.zshrc'],
  // Where nobody asked for completion before, as in macOS's own settings, it is switched on.
  script: (commands) => `(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }

_mongo_course() {
  local at= word= option= i
  local -a described
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    [[ -n $option ]] && { option=; continue }
    case "$at:$word" in
      (${commands.flatMap(({ paths, options }) => options.filter(({ values }) => values).map(({ names }) => patterns(paths, names))).join('|')}) option=$word; continue ;;
      (${commands.flatMap(({ paths }) => paths).filter((path) => path !== '').map((path) => `'${path.split(' ').slice(0, -1).join(' ')}:${path.split(' ').at(-1)}'`).join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  if [[ -z $option && $PREFIX == --*=* ]]; then
    option=\${PREFIX%%=*}
    compset -P '*='
  elif [[ -n $option && $PREFIX == *=* ]]; then
    compset -P '*='
    _files
    return
  fi
  case "$at:$option" in
${commands.flatMap((command) => command.options.flatMap(({ names, values }) => (values ? [`    (${patterns(command.paths, names)}) ${reply(values)}; return ;;`] : []))).join('\n')}
    (*:?*) _files; return ;;
  esac
  if [[ $PREFIX == -* ]]; then
    case "$at" in
${commands.map((command) => `      (${command.paths.map((path) => `'${path}'`).join('|')}) described=(${command.options.flatMap(({ names, description }) => names.map((name) => quote(`${name}:${description}`))).join(' ')}) ;;`).join('\n')}
    esac
    [[ -n $at ]] && described+=(${(commands[0]?.options ?? []).filter(({ names }) => !names.some((name) => ['--help', '--version'].includes(name))).flatMap(({ names, description }) => names.map((name) => quote(`${name}:${description}`))).join(' ')})
    _describe -o option described
    return
  fi
  case "$at" in
${commands.map((command) => `    (${command.paths.map((path) => `'${path}'`).join('|')}) ${place(command)} ;;`).join('\n')}
  esac
}

# npx mongo-course …; whatever else npx is asked for goes where it went before.
if [[ -z $_mongo_course_npx_before ]]; then
  typeset -g _mongo_course_npx_before=\${_comps[npx]:-_files}
fi
_mongo_course_npx() {
  if [[ $words[2] == mongo-course && $CURRENT -gt 2 ]]; then
    shift words
    ((CURRENT--))
    _mongo_course
  else
    $_mongo_course_npx_before
  fi
}

compdef _mongo_course mongo-course
compdef _mongo_course_npx npx
`,
};

const patterns = (paths: readonly string[], names: readonly string[]): string => paths.flatMap((path) => names.map((name) => (path === '' ? `*:${name}` : `'${path}:${name}'`))).join('|');

/** A name and what it is; a colon within the second part is no end. */
const quote = (text: string): string => {
  const at = text.indexOf(':');
  return `'${`${text.slice(0, at)}:${text.slice(at + 1).replaceAll(':', '\\:')}`.replaceAll("'", "'\\''")}'`;
};

function place(command: CompletedCommand): string {
  const commands = command.commands.flatMap(({ paths, description }) => paths.map((path) => quote(`${path.split(' ').at(-1)}:${description}`)));
  return commands.length > 0 ? `described=(${commands.join(' ')}); _describe command described` : reply(command.arguments);
}

function reply({ words, paths }: Values): string {
  const parts = [...(words.length > 0 ? [`compadd -- ${words.join(' ')}`] : []), ...(paths === 'none' ? [] : [paths === 'files' ? '_files' : '_files -/'])];
  return parts.join('; ') || ':';
}
