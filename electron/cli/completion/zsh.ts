import type { CommandDoc } from '../manual/model.ts'
import { tables } from './tables.ts'

/** The completion for zsh: a file `_latchkey` in a folder of `fpath`, or read with `source <(…)`. */
export const zshCompletion = (program: CommandDoc): string => `#compdef latchkey
# zsh completion for latchkey. Made by: latchkey completion zsh

${tables(program)}

_latchkey() {
  local REPLY context_path='' skip='' rest='' position=0 index word before='' kind='' candidates=''
  for ((index = 2; index < CURRENT; index++)); do
    word=\${(Q)words[index]}
    if [[ -n $skip ]]; then skip=''
    elif [[ -n $rest ]]; then position=$((position + 1))
    elif [[ $word == -- ]]; then rest=1
    elif [[ $word == -* ]]; then
      if _latchkey_value "$context_path" "$word"; then skip=$word; fi
    elif [[ $position == 0 ]] && _latchkey_is_command "\${context_path:+$context_path }$word"; then
      context_path="\${context_path:+$context_path }$word"
    else position=$((position + 1))
    fi
  done

  local -a asked
  asked=("\${(@Q)words[2,CURRENT-1]}")
  local current=\${(Q)words[CURRENT]}
  if [[ -n $skip ]]; then
    _latchkey_value "$context_path" "$skip"
    kind=$REPLY
  elif [[ -z $rest && $current == --*=* ]]; then
    before=\${current%%=*}
    _latchkey_value "$context_path" "$before" && kind=$REPLY
    asked+=("$before")
    current=\${current#*=}
    compset -P '*='
  elif [[ -z $rest && $current == -* ]]; then
    _latchkey_options "$context_path"
    candidates=$REPLY
  else
    if [[ $position == 0 && -z $rest ]]; then
      _latchkey_commands "$context_path"
      candidates=$REPLY
    fi
    _latchkey_argument "$context_path" "$position"
    kind=$REPLY
  fi

  case $kind in
    '') ;;
    '='*) candidates+=$'\\n'\${kind#=}; candidates=\${candidates// /$'\\n'} ;;
    file) _files; return ;;
    folder) _files -/; return ;;
    *) candidates+=$'\\n'$("\${(Q)words[1]}" complete -- "\${asked[@]}" "$current" 2>/dev/null </dev/null) ;;
  esac

  local -a values shown
  local line
  for line in "\${(@f)candidates}"; do
    [[ -n $line ]] || continue
    values+=("\${line%%$'\\t'*}")
    if [[ $line == *$'\\t'* ]]; then shown+=("\${line%%$'\\t'*}  -- \${line#*$'\\t'}"); else shown+=("$line"); fi
  done
  (( \${#values} )) && compadd -l -d shown -a values
}

# Read from fpath this file is the function itself; read with source it has to be made known.
if [[ \${funcstack[1]} == _latchkey ]]; then _latchkey "$@"; else compdef _latchkey latchkey; fi
`
