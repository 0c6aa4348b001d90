/**
 * What a shell needs to complete the commands: a script that holds every name, and looks only for the environments, so
 * that nothing is loaded while somebody types.
 */
import { join } from 'node:path';
import type { Described, Options } from './described.ts';

export const shells = ['bash', 'zsh'] as const;
export type Shell = (typeof shells)[number];

/** Between single quotes a shell takes every character literally, except the quote. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const words = (of: readonly string[]): string => quoted(of.join(' '));

const flagsOf = (options: Options): readonly string[] => [
  ...Object.keys(options).map((option) => `--${option}`),
  '--help',
];

/** Cases of a command: what may follow it, and what may follow those of its options that take a value. */
const casesOf = ({ name, options, verbs = {} }: Described): readonly string[] => [
  ...Object.entries(options).flatMap(([option, { type, choices }]) =>
    type === 'boolean' || option === 'environment'
      ? []
      : [`    ${quoted(`${name} --${option}`)}) wanted=${words(choices ?? [])} ;;`],
  ),
  `    ${quoted(`${name} `)}*) wanted=${words([...Object.keys(verbs), ...flagsOf(options)])} ;;`,
];

/** `wanted` holds the words that may stand where the cursor is; `$1` is the command, `$2` the word before the cursor. */
const lookUp = (root: string, commands: readonly Described[]): string => {
  const options = commands.filter((command) => 'environment' in command.options);
  return [
    '_countersign_wanted() {',
    '  case "$1 $2" in',
    `    ${options.map(({ name }) => quoted(`${name} --environment`)).join('|')})`,
    `      wanted=$(cd ${quoted(join(root, 'environments'))} && find . -name '[!.]*.tfvars' -o -name '[!.]*.tfvars.json' | sed -E 's,^\\./,,; s,\\.tfvars(\\.json)?$,,' | sort | tr '\\n' ' ') ;;`,
    ...commands.flatMap(casesOf),
    `    *) wanted=${words(commands.map(({ name }) => name))} ;;`,
    '  esac',
    '}',
  ].join('\n');
};

// Readline takes the colon of audit:verify for the end of a word: what stands before it must not be given again.
const bash = `_countersign() {
  local line=\${COMP_LINE:0:COMP_POINT} wanted='' current command='' before=''
  local -a typed
  read -ra typed <<<"$line"
  [[ $line == *' ' ]] && typed+=('')
  current=\${typed[\${#typed[@]} - 1]}
  ((\${#typed[@]} > 2)) && command=\${typed[1]} before=\${typed[\${#typed[@]} - 2]}
  _countersign_wanted "$command" "$before"
  COMPREPLY=($(compgen -W "$wanted" -- "$current"))
  if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
    COMPREPLY=("\${COMPREPLY[@]#"\${current%:*}:"}")
  fi
}
complete -F _countersign countersign`;

const zsh = `_countersign() {
  local wanted='' command='' before=''
  ((CURRENT > 2)) && command=\${words[2]} before=\${words[CURRENT - 1]}
  _countersign_wanted "$command" "$before"
  compadd -- \${=wanted}
}
(($+functions[compdef])) || { autoload -Uz compinit && compinit; }
compdef _countersign countersign`;

/** @param root of the repository, whose commands and environments are meant */
export const completionScript = (shell: Shell, root: string, commands: readonly Described[]): string =>
  [
    `# Countersign's commands in ${shell}, from wherever you are.`,
    `countersign() { ${quoted(join(root, 'node_modules/.bin/node'))} ${quoted(join(root, 'scripts/countersign.ts'))} "$@"; }`,
    lookUp(root, commands),
    shell === 'bash' ? bash : zsh,
    '',
  ].join('\n');
