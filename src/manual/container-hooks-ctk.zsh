#compdef container-hooks-ctk
# Completion of container-hooks-ctk for zsh, made from the tables of its commands.
#
# SPDX-License-Identifier: Apache-2.0

local -a _container_hooks_ctk_commands
@zsh@

# What the host has of a kind.
_container_hooks_ctk_found() {
  case $1 in
    profiles) sed -n 's/^ *\[profiles\.\([^].]*\)\].*/\1/p' "${CONTAINER_HOOKS_CONFIG:-/etc/container-hooks/config.toml}" ;;
    hooks) container-hooks-ctk config get container-hooks.dirs | tr , '\n' | xargs -I {} find {} -maxdepth 1 -name '*.json' |
      sed 's,.*/\(.*\)\.json$,\1,' ;;
    recorded-hooks) container-hooks-ctk hooks stats | sed '1d; s/ .*//' | sort -u ;;
  esac 2>/dev/null
}

# After KEY= the values that it can have, before it the keys: with = where they are assigned.
_container_hooks_ctk_setting() {
  local -a values
  if compset -P '*='; then
    values=(${(f)"$(_container_hooks_ctk_fixed "${IPREFIX#--set=}")"})
    compadd -a values
  elif [[ $words[CURRENT-1] == --set || $IPREFIX == --set= ]]; then
    values=(${(f)"$(_container_hooks_ctk_fixed settings)"})
    compadd -S '=' -a values
  else
    values=(${(f)"$(_container_hooks_ctk_fixed settings)"})
    compadd -a values
  fi
}

_container_hooks_ctk_of() {
  local -a values
  case $1 in
    files) _files ;;
    directories) _files -/ ;;
    programs) _command_names || _files ;;
    settings) _container_hooks_ctk_setting ;;
    *) values=(${(f)"$(_container_hooks_ctk_fixed $1; _container_hooks_ctk_found $1)"}) && compadd -a values ;;
  esac
}

# Commands of one word, and the groups of the others.
_container_hooks_ctk_first() {
  local -a alone names
  local -aU groups
  local name
  for name in $_container_hooks_ctk_commands; do
    [[ ${name%%:*} == *' '* ]] && groups+=(${name%% *}) || alone+=($name)
  done
  names=(${alone%%:*})
  groups=(${groups:|names})
  _describe command alone
  compadd -a groups
}

# The command is the longest that the first words fit.
_container_hooks_ctk() {
  local -a given after
  local command='' name
  given=(${(M)words[2,CURRENT-1]:#[^-]*})
  for name in ${_container_hooks_ctk_commands%%:*}; do
    [[ $name == $given[1] || $name == "$given[1] $given[2]" ]] && (( $#name > $#command )) && command=$name
  done
  if (( ! $#given )); then
    [[ $words[CURRENT] == -* ]] || { _container_hooks_ctk_first; return }
  elif [[ $command != *' '* && $words[CURRENT] != -* && $words[CURRENT-1] == $given[1] ]]; then
    after=(${${(M)_container_hooks_ctk_commands:#$given[1] *}#* })
    (( $#after )) && _describe command after
  fi
  # Without the command's words, which _arguments would take for operands.
  local -a parts=(${=command})
  local -i last=1 left=$#parts
  while (( left )); do [[ $words[++last] == -* ]] || (( --left )); done
  words=($words[1] "${(@)words[last+1,-1]}")
  (( CURRENT -= last - 1 ))
  _container_hooks_ctk_arguments "$command"
}

_container_hooks_ctk "$@"
