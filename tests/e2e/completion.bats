#!/usr/bin/env bats
# bash, zsh and fish complete what container-hooks-ctk takes: each test asks the real shell, on a terminal of its own.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup_file() {
  PLACE=$BATS_FILE_TMPDIR
  mkdir -p "$PLACE/hooks.d" "$PLACE/bin"
  for name in container-hooks-ctk container-hooks-toolkit; do ln -s "$(realpath "${BUILD:-build}")/$name" "$PLACE/bin/$name"; done
  echo '{}' >"$PLACE/hooks.d/10-verify.json"
  printf '[container-hooks]\ndirs = ["%s"]\n[profiles.secure]\nsandbox = true\n' "$PLACE/hooks.d" >"$PLACE/config.toml"
  export PLACE CONTAINER_HOOKS_CONFIG=$PLACE/config.toml PATH=$PLACE/bin:$PATH
}

setup() {
  needs_native
  [ -e "$BUILD/src/manual" ] || skip "this build has no completions"
}

# SHELL: the file with its completions.
file_of() {
  case $1 in
    bash) echo "$BUILD/src/manual/container-hooks-ctk" ;;
    zsh) echo "$BUILD/src/manual/_container-hooks-ctk" ;;
    fish) echo "$BUILD/src/manual/container-hooks-ctk.fish" ;;
  esac
}

# completes SHELL: what it makes of the lines on standard input, without the program's name.
completes() {
  needs_command "$1"
  sed 's/^/container-hooks-ctk /' | "$ROOT/tests/e2e/complete.py" "$1" "$(file_of "$1")" | sed 's/^container-hooks-ctk //'
}

commands() { container-hooks-ctk --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p'; }

# The long options that help has of a command, but for those of every command.
options() { container-hooks-ctk "$@" --help | sed -n '/^Options:/,/^$/s/^  \(-.*\)/\1/p' | grep -oE -- '--[a-z-]+' | grep -vxE -- '--(help|debug|quiet|version)' | sort; }

# SHELL: each command has in it what its help has, as words without the "=" after them.
has_commands_and_options() {
  local command words
  commands >list
  [ "$(wc -l <list)" -ge 16 ]
  sed 's/$/ --/' list | completes "$1" >answers
  # shellcheck disable=SC2086 # the words of a command
  while IFS=$'\t' read -r command words; do
    diff <(tr -d = <<<"$words" | tr ' ' '\n' | grep -vxE -- '--(help|debug|quiet|version)' | sort) <(options ${command% --}) || no "$1: $command"
  done <answers
}

# SHELL: the words for a line, the typed beginning of which bash repeats only once.
values() {
  sed 's/\t.*//' values | completes "$1" | sed -E 's/--runtime=//g; s/(--set[ =])?container-hooks.on-error=([a-z])/\2/g' >answers
  diff <(sed -E 's/--runtime=//g; s/(--set[ =])?container-hooks.on-error=([a-z])/\2/g' values) answers
}

setup_values() {
  cd "$BATS_TEST_TMPDIR" || return
  mkdir below
  tr '|' '\t' >values <<'END'
|config hooks install runtime setup status uninstall
runtime |configure unconfigure
runtime configure --runtime |containerd crio docker k0s k3s microk8s podman rke2
runtime configure --runtime=|containerd crio docker k0s k3s microk8s podman rke2
hooks add --stage create|createContainer createRuntime
hooks export --format |chrome otlp prometheus
hooks list --profile |secure
hooks remove |10-verify
hooks disable |10-verify
hooks show |10-verify
config get container-hooks-ctk.|container-hooks-ctk.path
config --set container-hooks.on-error=|fail ignore
END
}

@test "bash: the commands and options that help has" { cd "$BATS_TEST_TMPDIR" && has_commands_and_options bash; }
@test "zsh: the commands and options that help has" { cd "$BATS_TEST_TMPDIR" && has_commands_and_options zsh; }
@test "fish: the commands and options that help has" { cd "$BATS_TEST_TMPDIR" && has_commands_and_options fish; }

@test "bash: engines, stages, formats, profiles, hooks and settings" { setup_values && values bash; }
@test "zsh: engines, stages, formats, profiles, hooks and settings" { setup_values && values zsh; }
@test "fish: engines, stages, formats, profiles, hooks and settings" { setup_values && values fish; }
