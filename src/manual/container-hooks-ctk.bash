# Completion of container-hooks-ctk for bash, made from the tables of its commands.
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154 # what the tables give

@bash@

# What the host has of a kind.
_container_hooks_ctk_found() {
  case $1 in
    profiles) sed -n 's/^ *\[profiles\.\([^].]*\)\].*/\1/p' "${CONTAINER_HOOKS_CONFIG:-/etc/container-hooks/config.toml}" ;;
    hooks) container-hooks-ctk config get container-hooks.dirs | tr , '\n' | xargs -I {} find {} -maxdepth 1 -name '*.json' |
      sed 's,.*/\(.*\)\.json$,\1,' ;;
    recorded-hooks) container-hooks-ctk hooks stats | sed '1d; s/ .*//' | sort -u ;;
  esac 2>/dev/null
}

_container_hooks_ctk_values() {
  case $1 in
    settings) _container_hooks_ctk_fixed "$1" | sed 's/$/=/' ;;
    files | programs) compgen -f -- "$current" ;;
    directories) compgen -d -- "$current" ;;
    *) _container_hooks_ctk_fixed "$1" && _container_hooks_ctk_found "$1" ;;
  esac
}

# The words after the program's name that are not options, as far as the cursor; the command is the longest that fits.
_container_hooks_ctk_read() {
  local word words=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] || words+=("$word"); done
  first=${words[0]:-} command=
  for word in "${_container_hooks_ctk_commands[@]}"; do
    [[ $word != "$first" && $word != "$first ${words[1]:-}" ]] || [[ ${#word} -lt ${#command} ]] || command=$word
  done
}

# Of the option before the cursor, as "--option value", "--option=value" or "--set KEY=value" in COMP_WORDS, which = divides.
_container_hooks_ctk_kind_here() {
  local at=$COMP_CWORD
  [[ $current != = ]] || { current='' && at=$((at + 1)); }
  local one=${COMP_WORDS[at - 1]} two=${COMP_WORDS[at - 2]:-}
  if [[ $one == = && $two == *.* ]]; then
    kind=$two=
  elif [[ $one == = ]]; then
    kind=$(_container_hooks_ctk_kind "$command $two")
  elif [[ $one == --* ]]; then
    kind=$(_container_hooks_ctk_kind "$command $one")
  fi
}

_container_hooks_ctk_candidates() {
  if [[ -n $kind ]]; then
    _container_hooks_ctk_values "$kind"
  elif [[ $current == -* ]]; then
    _container_hooks_ctk_options "$command"
  else
    if [[ -z $first ]]; then
      printf '%s\n' "${_container_hooks_ctk_commands[@]%% *}"
    elif [[ $command != *' '* && ${COMP_WORDS[COMP_CWORD - 1]} == "$first" ]]; then
      printf '%s\n' "${_container_hooks_ctk_commands[@]}" | sed -n "s/^$first //p"
    fi
    kind=$(_container_hooks_ctk_kind "$command")
    [[ -z $kind ]] || _container_hooks_ctk_values "$kind" | sed 's/=$//'
  fi
}

_container_hooks_ctk() {
  local first command kind='' current=${COMP_WORDS[COMP_CWORD]}
  _container_hooks_ctk_read
  _container_hooks_ctk_kind_here
  mapfile -t COMPREPLY < <(compgen -W "$(_container_hooks_ctk_candidates | sort -u)" -- "$current")
  case $kind in files | programs | directories) compopt -o filenames ;; esac
  [[ ${COMPREPLY[0]:-} != *= ]] || compopt -o nospace
} 2>/dev/null

complete -F _container_hooks_ctk container-hooks-ctk
