# Completion of container-hooks-ctk for fish, made from the tables of its commands.
#
# SPDX-License-Identifier: Apache-2.0

# The words before the cursor that are not options; the first is the program.
function __container_hooks_ctk_words
  commandline -opc | string match -v -- '-*'
end

function __container_hooks_ctk_after
  set -l words (__container_hooks_ctk_words)
  test "$words[2..]" = "$argv[1]"
end

# The command is the longest that fits.
function __container_hooks_ctk_runs
  set -l words (__container_hooks_ctk_words)
  contains -- "$words[2] $words[3]" $__container_hooks_ctk_commands
  and test "$words[2] $words[3]" = "$argv[1]"
  and return
  not contains -- "$words[2] $words[3]" $__container_hooks_ctk_commands
  and test "$words[2]" = "$argv[1]"
end

# What the host has of a kind.
function __container_hooks_ctk_found
  switch $argv[1]
    case profiles
      set -q CONTAINER_HOOKS_CONFIG; or set -l CONTAINER_HOOKS_CONFIG /etc/container-hooks/config.toml
      sed -n 's/^ *\[profiles\.\([^].]*\)\].*/\1/p' $CONTAINER_HOOKS_CONFIG
    case hooks
      container-hooks-ctk config get container-hooks.dirs | tr , '\n' | xargs -I '{}' find '{}' -maxdepth 1 -name '*.json' |
        sed 's,.*/\(.*\)\.json$,\1,'
    case recorded-hooks
      container-hooks-ctk hooks stats | sed '1d; s/ .*//' | sort -u
  end 2>/dev/null
end

# Of settings that are assigned: after KEY= the values that it can have, before it the keys.
function __container_hooks_ctk_settings
  set -l assigned (string replace -r '^--set=' '' -- (commandline -ct))
  if string match -q '*=*' -- $assigned
    set -l key (string replace -r '=.*' '=' -- $assigned)
    string replace -r '^' $key -- (__container_hooks_ctk_fixed $key)
  else
    __container_hooks_ctk_fixed settings | string replace -r '$' '='
  end
end

function __container_hooks_ctk_of
  if test "$argv[1]" = settings; and not string match -q '* get' -- (string join ' ' (__container_hooks_ctk_words))
    __container_hooks_ctk_settings
  else
    __container_hooks_ctk_fixed $argv[1]
    __container_hooks_ctk_found $argv[1]
  end
end

complete -c container-hooks-ctk -f
@fish@
