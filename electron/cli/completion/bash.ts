import type { CommandDoc } from '../manual/model.ts'
import { tables } from './tables.ts'

/** The completion for bash. It needs nothing beside bash itself: not the package bash-completion, not version 4. */
export const bashCompletion = (
  program: CommandDoc,
): string => `# bash completion for latchkey. Made by: latchkey completion bash

${tables(program)}

# The words of the line up to the cursor. Bash breaks them at : and =, which stand in aliases and options.
_latchkey_words() {
  local rest=\${COMP_LINE:0:COMP_POINT} index word
  words=()
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ $index == 0 || $rest == [[:space:]]* ]]; then
      rest=\${rest#"\${rest%%[![:space:]]*}"}
      words+=('')
    fi
    # What stands behind the cursor is no part of the last one.
    if [[ $index == "$COMP_CWORD" ]]; then word=\${word:0:\${#rest}}; fi
    words[\${#words[@]}-1]+=$word
    rest=\${rest#"$word"}
  done
}

_latchkey() {
  local REPLY words path='' skip='' rest='' position=0 index word
  _latchkey_words
  for ((index = 1; index < \${#words[@]} - 1; index++)); do
    word=\${words[index]}
    if [[ $skip ]]; then skip=''
    elif [[ $rest ]]; then position=$((position + 1))
    elif [[ $word == -- ]]; then rest=1
    elif [[ $word == -* ]]; then
      if _latchkey_value "$path" "$word"; then skip=$word; fi
    elif [[ $position == 0 ]] && _latchkey_is_command "\${path:+$path }$word"; then path="\${path:+$path }$word"
    else position=$((position + 1))
    fi
  done

  local typed=\${words[\${#words[@]}-1]} before='' kind='' candidates=''
  local current=\${typed//\\\\/}
  if [[ $skip ]]; then
    _latchkey_value "$path" "$skip"
    kind=$REPLY
  elif [[ ! $rest && $current == --*=* ]]; then
    before=\${current%%=*}=
    current=\${current#*=}
    _latchkey_value "$path" "\${before%=}" && kind=$REPLY
    # For Latchkey the option and its value are two words.
    words=("\${words[@]:0:\${#words[@]}-1}" "\${before%=}" "$current")
  elif [[ ! $rest && $current == -* ]]; then
    _latchkey_options "$path"
    candidates=$REPLY
  else
    if [[ $position == 0 && ! $rest ]]; then
      _latchkey_commands "$path"
      candidates=$REPLY
    fi
    _latchkey_argument "$path" "$position"
    kind=$REPLY
  fi

  case $kind in
    '') ;;
    '='*) candidates+=$'\\n'\${kind#=}; candidates=\${candidates// /$'\\n'} ;;
    file | folder)
      compopt -o filenames 2>/dev/null
      local IFS=$'\\n'
      if [[ $kind == folder ]]; then COMPREPLY=($(compgen -d -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi
      return ;;
    *) candidates+=$'\\n'$("\${words[0]}" complete -- "\${words[@]:1:\${#words[@]}-2}" "$current" 2>/dev/null </dev/null) ;;
  esac

  COMPREPLY=()
  # Bash replaces only what stands behind the last : or = of the word.
  local cut='' value full
  if [[ $COMP_WORDBREAKS == *:* || $before ]]; then cut=\${typed%"\${typed##*[:=]}"}; fi
  while IFS=$'\\t' read -r value _; do
    [[ $value && $value == "$current"* ]] || continue
    printf -v full '%q' "$value"
    full=$before$full
    COMPREPLY+=("\${full#"$cut"}")
  done <<< "$candidates"
}

complete -F _latchkey latchkey
`
