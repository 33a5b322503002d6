#!/usr/bin/env bats
# The binary by all its names, and the commands that put it and its configuration in place.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  TOOLKIT=$BUILD/container-hooks-toolkit
  CTK=$BUILD/container-hooks-ctk
  export CONTAINER_HOOKS_CONFIG=$BATS_TEST_TMPDIR/etc/config.toml
}

ctk() { run --separate-stderr "$CTK" "$@"; }

# Exit status 2, nothing on stdout, one line on stderr with all of the words given.
wrong_use() {
  [ "$status" -eq 2 ] && [ -z "$output" ] && [ "${#stderr_lines[@]}" -eq 1 ] || no "$status: $output: $stderr" || return
  local word
  for word in "$@"; do [[ $stderr == *"$word"* ]] || no "no \"$word\" in: $stderr" || return; done
}

## The names

@test "the toolkit without arguments lists its roles" {
  run "$TOOLKIT"
  ok
  [[ $output == *container-hooks-ctk*container-hooks-runtime* ]]
}

@test "--list prints the names, one a line" {
  run "$TOOLKIT" --list
  ok
  [ "$output" = $'container-hooks\ncontainer-hooks-ctk\ncontainer-hooks-runtime' ]
}

@test "--version names the toolkit and the version that the ctk has" {
  local option
  for option in --version -v; do
    run "$TOOLKIT" "$option"
    ok && [ "$output" = "container-hooks-toolkit $("$CTK" --version | cut -d ' ' -f 2)" ]
  done
}

@test "--help lists the roles, and --version among the options" {
  run "$TOOLKIT" --help
  ok && [[ $output == *--version*container-hooks-runtime* ]]
}

@test "what the toolkit itself prints and cannot be written is an error" {
  local option
  for option in --help --list --version; do
    run --separate-stderr bash -c '"$@" >/dev/full' - "$TOOLKIT" "$option"
    [ "$status" -eq 1 ] && [[ $stderr == "container-hooks-toolkit: write to standard output: "*"(ENOSPC)" ]] ||
      no "$option: $status: $stderr" || return
  done
}

@test "the marker hook says its version when it is asked, and does not wait for a state then" {
  run "$BUILD/container-hooks" --version
  ok
  [ "$output" = "container-hooks $("$CTK" --version | cut -d ' ' -f 2)" ]
}

@test "--install makes links of the three names, as busybox does: hard ones, with -s symbolic ones" {
  mkdir hard soft full
  cp "$TOOLKIT" here
  run ./here --install hard
  ok
  [ "$(ls hard)" = $'container-hooks\ncontainer-hooks-ctk\ncontainer-hooks-runtime' ]
  [ hard/container-hooks -ef here ]
  [ ! -L hard/container-hooks ]
  hard/container-hooks-ctk --version
  run ./here --install -s soft
  ok
  [ -L soft/container-hooks-runtime ]
  [ soft/container-hooks-runtime -ef here ]
  run ./here --install -s soft
  ok
  echo mine >full/container-hooks
  run ./here --install full
  ok 1
  [ "$(cat full/container-hooks)" = mine ]
  [[ $output == "container-hooks-toolkit: link full/container-hooks: "* ]]
  run ./here --install
  ok 2
}

@test "the roles of the binary, the links of the build, of install and of scripts/release are the same" {
  local roles link linked=()
  mapfile -t roles < <("$TOOLKIT" --list)
  for link in "$BUILD"/*; do
    [ "$(readlink "$link")" != container-hooks-toolkit ] || linked+=("${link##*/}")
  done
  [ "${linked[*]}" = "${roles[*]}" ] || no "build: ${linked[*]}"
  ctk install --bindir bin
  [ "$(cd bin && find . -type l -printf '%f\n' | sort | xargs)" = "${roles[*]}" ] || no "install: $(ls bin)"
  grep -qx "roles='${roles[*]}'" "$ROOT/scripts/release"
}

@test "a role is chosen by its short name" {
  run "$TOOLKIT" ctk --version
  ok
  [[ $output == "container-hooks-ctk "* ]]
}

@test "a role is chosen by its full name" {
  run "$TOOLKIT" container-hooks-ctk --version
  ok
  [[ $output == "container-hooks-ctk "* ]]
}

@test "the toolkit as marker hook reads its input and succeeds" {
  run "$TOOLKIT" hook <<<'{}'
  ok && [ -z "$output" ]
}

@test "an unknown role exits 127" {
  run --separate-stderr -127 "$TOOLKIT" frobnicate
  [ -z "$output" ] && [[ $stderr == *frobnicate*--list* ]]
}

@test "a link of another name behaves as the toolkit" {
  ln -s "$TOOLKIT" other
  run ./other --list
  ok && [ "${lines[0]}" = container-hooks ]
}

@test "the toolkit as runtime passes argv on without its own word" {
  setup_fake_runtime
  run "$TOOLKIT" runtime state c1
  ok && runtime_got state c1
}

@test "the binary is static and stripped" {
  needs_native
  run readelf -lW "$TOOLKIT"
  [[ $output != *INTERP* ]]
  run readelf -SW "$TOOLKIT"
  [[ $output != *.symtab* ]]
}

## Help and wrong use

@test "ctk --version names the version" {
  ctk --version
  ok && [[ $output =~ ^container-hooks-ctk\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "ctk --help names each command" {
  ctk --help
  ok && [[ $output == *install*config* ]]
}

@test "each command has help with options and examples" {
  "$CTK" --help | sed -n '/^Commands:/,/^$/p' | sed -n 's/^  \([a-z][a-z]*\( [a-z]*\)\?\)  .*/\1/p' >commands
  [ "$(wc -l <commands)" -ge 4 ]
  local words
  while read -r words; do
    # shellcheck disable=SC2086 # a command of two words
    ctk $words --help
    ok && [[ $output == *Usage:*"$words"*Options:*Examples:*"container-hooks-ctk $words"* ]] || no "$words: $output"
  done <commands
}

@test "an unknown command is a wrong use, with what was probably meant" { ctk instal && wrong_use instal '"install"'; }

@test "an unknown option is a wrong use" { ctk install --frob && wrong_use frob; }

@test "an operand too many is a wrong use" { ctk config surplus && wrong_use surplus; }

@test "an option without its value is a wrong use" { ctk config --set && wrong_use set; }

@test "help and version are commands, too" {
  ctk help hooks add
  ok && [ "$output" = "$("$CTK" hooks add --help)" ]
  ctk help
  ok && [ "$output" = "$("$CTK" --help)" ]
  ctk version
  ok && [ "$output" = "$("$CTK" --version)" ]
}

@test "a group alone shows its commands; config alone writes the file, as ever" {
  ctk hooks
  ok && [[ $output == *"hooks list"*"hooks add"* && $output != *"config get"* ]]
  ctk runtime --help
  ok && [[ $output == *"runtime unconfigure"* ]]
  ctk config
  ok && [ -e "$CONTAINER_HOOKS_CONFIG" ]
}

@test "ls, rm and inspect are what other tools call list, remove and show" {
  ctk hooks ls --help
  ok && [ "$output" = "$("$CTK" hooks list --help)" ]
  ctk hooks rm --help
  ok && [ "$output" = "$("$CTK" hooks remove --help)" ]
  ctk config inspect
  ok && [ "$output" = "$("$CTK" config show)" ]
}

@test "an unknown option: the nearest is named, in plain quotes" {
  ctk install --bindri=/x && wrong_use 'there is no option --bindri, did you mean "--bindir"?'
  ctk install --bindir && wrong_use 'install: --bindir needs a value: --bindir DIR'
  ctk status -x && wrong_use 'status: there is no option -x'
}

@test "an unknown command: what was meant is found by meaning where spelling misleads" {
  local said meant
  while read -r said meant; do
    # shellcheck disable=SC2086 # commands of two words
    ctk ${said/./ } && wrong_use "there is no command ${said/./ }, did you mean \"$meant\"?" || no "$said" || return
  done <<'TABLE'
hooks.delete hooks remove
hooks.del hooks remove
hooks.get hooks list
hooks.create hooks add
hooks.validate hooks check
hooks.explain hooks preview
runtime.add runtime configure
runtime.rm runtime unconfigure
config.print config show
remove hooks remove
enable hooks enable
disable hooks disable
doctor status
info status
configure runtime configure
preview hooks preview
ls hooks list
hooks.lsit hooks list
TABLE
}

@test "options are read as GNU's tools read them: =VALUE or VALUE, after operands, and none after --" {
  export CONTAINER_HOOKS_CONFIG=$PWD/config.toml
  local form
  for form in '--root=image log-level' '--root image log-level' 'log-level --root image' '--root=image -- log-level'; do
    # shellcheck disable=SC2086 # words
    ctk config get $form
    ok && [ "$output" = info ] || no "$form: $output $stderr" || return
  done
  ctk config get -- --root
  [ "$status" -eq 2 ]
  [[ $stderr == *"there is no setting --root"* ]]
  ctk status --json=yes && wrong_use 'status: --json takes no value'
  ctk config get --root= log-level
  ok
  [ "$output" = info ]
}

@test "the usage line of each command shows a form that works" {
  ctk hooks add --help
  [[ $output == *"container-hooks-ctk hooks add [OPTIONS] [--] PROGRAM [ARGS...]"* ]]
}

@test "help fits 80 columns, and takes more where a terminal has more" {
  local words
  for words in "" hooks "hooks add" "hooks check" "runtime configure" config; do
    # shellcheck disable=SC2086 # a command of two words
    ctk $words --help
    ok && ! grep -E '^.{81}' <<<"$(grep -v '^  container-hooks-ctk' <<<"$output")" || no "$words" || return
  done
  script -qec "stty cols 200; '$CTK' --help" /dev/null >wide
  grep -E '^.{81}' wide
}

@test "runtime configure takes nvidia-ctk's names of its options" {
  export HOME=$PWD CONTAINER_HOOKS_STATE_DIR=$PWD/state
  ctk runtime configure --runtime=docker --config="$PWD/d.json" --nvidia-runtime-name=x --runtime-path=/bin/true --nvidia-set-as-default
  ok
  [ "$(jq -c . d.json)" = '{"default-runtime":"x","runtimes":{"x":{"path":"/bin/true"}}}' ]
  ctk runtime unconfigure --runtime=docker --config "$PWD/d.json" --runtime-name x
  ok
  [ ! -e d.json ]
}

## install

@test "install puts the binary and its links into the bindir" {
  ctk install --toolkit-root "$BUILD" --bindir "$PWD/usr/bin"
  ok
  cmp "$TOOLKIT" usr/bin/container-hooks-toolkit
  local name
  for name in container-hooks container-hooks-ctk container-hooks-runtime; do
    [ "$(readlink "usr/bin/$name")" = container-hooks-toolkit ]
  done
  [ "$(ls -A usr/bin | wc -l)" = 4 ]
  [ "$(stat -c %a usr/bin/container-hooks-toolkit)" = 755 ]
}

@test "install --root works on a mounted file system" {
  ctk install --root "$PWD/image"
  ok && [ -x image/usr/bin/container-hooks-runtime ]
}

@test "install twice is install once" {
  ctk install --bindir "$PWD/bin"
  ctk install --bindir "$PWD/bin"
  ok && [ "$(ls -A bin | wc -l)" = 4 ]
}

@test "install replaces the file while it is running, and the running one goes on" {
  ctk install --bindir "$PWD/bin"
  mkfifo pipe
  ./bin/container-hooks <pipe & local running=$!
  exec 7>pipe
  ./bin/container-hooks-ctk install --toolkit-root "$BUILD" --bindir "$PWD/bin"
  exec 7>&-
  wait "$running"
}

@test "install replaces a file of the name of a link" {
  mkdir bin && echo old >bin/container-hooks-runtime
  ctk install --bindir "$PWD/bin"
  ok && [ -L bin/container-hooks-runtime ]
}

@test "install from a directory without the binary is an error that names it" {
  ctk install --toolkit-root "$PWD/nowhere" --bindir "$PWD/bin"
  [ "$status" -eq 1 ] && [[ $stderr == *nowhere/container-hooks-toolkit*ENOENT* ]]
}

@test "install onto a directory of a link's name is an error, and leaves no litter" {
  mkdir -p bin/container-hooks-runtime
  ctk install --bindir "$PWD/bin"
  [ "$status" -eq 1 ] && [[ $stderr == *bin/container-hooks-runtime* ]]
  run ls -A bin
  [[ $output != *.container-hooks-* ]]
}

# installed_host: below root, with all that the toolkit ever writes there, and something of the operator's
installed_host() {
  ctk install --root="$PWD/root"
  ok
  ctk config --root="$PWD/root"
  ok
  mkdir root/bin
  cp /bin/true root/bin/
  ctk hooks add --root="$PWD/root" --stage poststop --timeout 1 /bin/true
  ok
  rm -r root/bin
  mkdir -p root/var/lib/container-hooks root/var/log/container-hooks
  echo '{}' >root/etc/container-hooks/hooks.json
  echo '{}' >root/etc/container-hooks/hooks.d/old.json.disabled
  touch root/var/log/container-hooks-runtime.log root/var/log/container-hooks/hooks.jsonl{,.1}
}

left() { (cd root && find . -type f | LC_ALL=C sort); }

@test "uninstall names what it leaves, and the way to remove that, too" {
  installed_host
  ctk uninstall --root="$PWD/root"
  ok
  [[ $stderr == "left: $PWD/root/etc/container-hooks/hooks.d/old.json.disabled, "*"/config.toml, "*"; uninstall --purge removes that, too" ]]
  [ "$(left | wc -l)" = 7 ]
  rm -r root
  ctk install --root="$PWD/root"
  ctk uninstall --root="$PWD/root"
  ok
  [ -z "$stderr" ]
}

@test "uninstall --purge leaves no file and no directory of ours, and says each file" {
  installed_host
  ctk uninstall --purge --root="$PWD/root"
  ok
  [ -z "$(left)" ]
  [ "${#lines[@]}" = 11 ]
  [ "$(cd root && find . -name 'container-hooks*')" = "" ]
  [ -d root/etc ]
}

@test "uninstall --purge leaves what an operator keeps beside it" {
  installed_host
  echo '#!/bin/sh' >root/etc/container-hooks/verify
  ctk uninstall --purge --root="$PWD/root"
  ok
  [ "$(left)" = ./etc/container-hooks/verify ]
}

@test "uninstall --purge removes the log and the record where config.toml has them, and links, not what they lead to" {
  installed_host
  ctk config --root="$PWD/root" --set debug=/srv/shim.log --set record-file=/srv/hooks.jsonl
  ok
  mkdir root/srv
  touch root/srv/shim.log root/srv/hooks.jsonl root/srv/precious
  ln -s /srv/precious root/etc/container-hooks/hooks.d/link.json
  ctk uninstall --purge --root="$PWD/root"
  ok
  [ "$(left)" = "$(printf '%s\n' ./srv/precious ./var/log/container-hooks-runtime.log ./var/log/container-hooks/hooks.jsonl{,.1})" ]
}

@test "uninstall --purge of a broken config.toml removes it all the same, and says why the defaults count" {
  installed_host
  echo 'broken' >root/etc/container-hooks/config.toml
  ctk uninstall --purge --root="$PWD/root"
  ok
  [[ $stderr == *"config.toml:1:"* ]]
  [ -z "$(left)" ]
}

@test "uninstall --purge is refused like uninstall while an engine is configured, and removes nothing" {
  installed_host
  ctk runtime configure --root="$PWD/root"
  ok
  local before
  before=$(left)
  ctk uninstall --purge --root="$PWD/root"
  ok 1
  [ "$(left)" = "$before" ]
  ctk uninstall --purge --force --root="$PWD/root"
  ok
  [ "$(left)" = ./etc/docker/daemon.json ]
}

@test "uninstall --purge --dry-run says what it would remove and removes nothing" {
  installed_host
  local before
  before=$(left)
  ctk uninstall --purge --dry-run --root="$PWD/root"
  ok
  [ "${#lines[@]}" = 11 ]
  [ "$(left)" = "$before" ]
}

@test "--quiet says nothing" {
  ctk --quiet install --bindir "$PWD/bin"
  ok && [ -z "$output$stderr" ]
}

## config

@test "config writes the defaults with a comment for each key" {
  ctk config
  ok && [ "$(grep -c '^#' etc/config.toml)" = "$(grep -c ' = ' etc/config.toml)" ]
  [ "$("$CTK" config get runtimes)" = runc,docker-runc,crun ]
}

@test "config twice changes nothing" {
  ctk config
  local before
  before=$(identity etc/config.toml)
  ctk config
  ok && [ "$before" = "$(identity etc/config.toml)" ]
}

@test "config --set keeps comments, order and everything else" {
  mkdir etc
  printf '# mine\n[container-hooks-runtime]   # odd\nruntimes = [ "runc" ] # why\n\n[container-hooks]\nsandbox=false' >etc/config.toml
  ctk config --set sandbox=true --set runtimes=/usr/bin/crun,runc
  ok
  printf '# mine\n[container-hooks-runtime]   # odd\nruntimes = ["/usr/bin/crun", "runc"] # why\n\n[container-hooks]\nsandbox=true' |
    cmp - etc/config.toml
}

@test "config --set of the value that is there changes nothing" {
  ctk config
  local before
  before=$(identity etc/config.toml)
  ctk config --set container-hooks-runtime.log-level=info
  ok && [ "$before" = "$(identity etc/config.toml)" ]
}

@test "config --set of a profile's key makes the profile" {
  ctk config --set profiles.secure.runtimes=/usr/bin/crun
  ok && [ "$("$CTK" config get profiles.secure.runtimes)" = /usr/bin/crun ]
}

refuses_setting() {
  ctk config
  local before
  before=$(identity etc/config.toml)
  ctk config --set sandbox=true --set "$1"
  [ "$status" -ne 0 ] && [ "${#stderr_lines[@]}" -eq 1 ] && [[ $stderr == *"$2"* ]] || no "$status: $stderr" || return
  [ "$before" = "$(identity etc/config.toml)" ]
}

@test "config --set of an unknown key is refused with the nearest, and nothing is written" { refuses_setting runtims=a '"runtimes"'; }

@test "config --set of a key of two tables is refused" { refuses_setting path=/a container-hooks-ctk.path; }

@test "config --set of a value that is no choice is refused" { refuses_setting log-level=loud "error warning info"; }

@test "config --set of a boolean that is none is refused" { refuses_setting sandbox=yes "true or false"; }

@test "config --set of relative directories, which the shim would look for in the bundle, is refused" {
  refuses_setting dirs=/a,x.d "an absolute path is expected"
}

@test "config --set of a relative hooks.json is refused" { refuses_setting container-hooks.path=hooks.json "an absolute path is expected"; }

@test "config --set of a runtime that the shim would pass over is refused" {
  refuses_setting runtimes=runc,./runc "a name or an absolute path is expected"
  refuses_setting profiles.p.runtimes=bin/runc "a name or an absolute path is expected"
  refuses_setting runtimes=runc,,crun "a name or an absolute path is expected"
}

@test "a relative directory of hooks in the file is refused with its place" {
  mkdir etc && printf '[container-hooks]\ndirs = ["hooks.d"]\n' >etc/config.toml
  ctk config get dirs
  [ "$status" -eq 1 ] && [[ $stderr == *"etc/config.toml:2:"*"dirs: an absolute path is expected" ]] || no "$stderr"
}

@test "config --set without = is refused" { refuses_setting sandbox KEY=VALUE; }

@test "config of a broken file is refused with its place" {
  mkdir etc && printf '[container-hooks]\nsandbox = \n' >etc/config.toml
  ctk config --set sandbox=true
  [ "$status" -eq 1 ] && [[ $stderr == *etc/config.toml:2:* ]]
}

@test "config --root writes into the mounted file system" {
  ctk config --root "$PWD/image"
  ok && [ -e image/etc/container-hooks/config.toml ]
}

@test "config get of a missing file tells the default" {
  ctk config get log-level
  ok && [ "$output" = info ]
}

@test "config show tells where each value comes from" {
  mkdir etc && printf '[profiles.p]\nsandbox = true\n[container-hooks]\non-error = "ignore"\n' >etc/config.toml
  ctk config show --profile p --json
  ok
  jq -e --arg file "$CONTAINER_HOOKS_CONFIG" '.[] | select(.key == "container-hooks.sandbox") | [.value, .from, .profile] == [true, $file, "p"]' <<<"$output"
  [ "$(jq -r '.[] | select(.key == "container-hooks.on-error") | .from' <<<"$output")" = "$CONTAINER_HOOKS_CONFIG" ]
  [ "$(jq -r '.[] | select(.key == "container-hooks-runtime.log-level") | .from' <<<"$output")" = default ]
}

## The original's walkthrough: install, config, configure, write hooks.json, run a container

@test "installed, configured and with a hooks.json, a container runs with its hooks" {
  needs_root
  needs_command runc
  ctk install --bindir "$PWD/bin"
  ./bin/container-hooks-ctk config --set container-hooks.path="$PWD/etc/hooks.json" --set debug="$PWD/log"
  cat >etc/hooks.json <<JSON
{"hooks": {"prestart": [{"path": "$PWD/bin/container-hooks"}], "createRuntime": [{"path": "/bin/touch", "args": ["touch", "$PWD/ran"]}],}}
JSON
  mkdir -p bundle/rootfs/bin && cp "$(command -v busybox)" bundle/rootfs/bin/echo
  (cd bundle && runc spec && jq '.process.terminal = false | .process.args = ["echo", "hello"]' config.json >c && mv c config.json)
  run ./bin/container-hooks-runtime --root "$PWD/state" run --bundle bundle "walkthrough-$$"
  ok && [ "$output" = hello ] && [ -e ran ]
  [ "$(jq -c '.hooks.prestart | length' bundle/config.json)" = 1 ]
}

@test "a reader that goes away, as head does, is no error to talk of, whatever our parent does with SIGPIPE" {
  python3 - "$CTK" <<'PYTHON'
import os, signal, subprocess, sys
for setting in signal.SIG_DFL, signal.SIG_IGN:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.argv[1], "--help"], stdout=writer, stderr=subprocess.PIPE, restore_signals=False,
                          preexec_fn=lambda: signal.signal(signal.SIGPIPE, setting))
    assert done.returncode == -signal.SIGPIPE and done.stderr == b"", done
PYTHON
}

@test "output that cannot be written is an error, however much it is" {
  local words long
  long=$(printf '%05000d' 1)
  for words in "config show" --version "runtime configure --force --dry-run --root=$PWD --name=$long"; do
    # shellcheck disable=SC2086 # words
    run --separate-stderr bash -c '"$@" >/dev/full' - "$CTK" $words
    [ "$status" -eq 1 ]
    [[ $stderr == "container-hooks-ctk: write to standard output: "*"(ENOSPC)" ]] || no "$words: $stderr"
  done
}

@test "a remark that cannot be written does not undo a success" {
  "$CTK" runtime configure --runtime=docker --root="$PWD" --path=/none --force 2>&-
  "$CTK" runtime configure --runtime=podman --root="$PWD" --path=/none --force 2>/dev/full
  jq -e '.runtimes | length == 1' etc/docker/daemon.json
  [ -e etc/containers/containers.conf.d/99-container-hooks.conf ]
}
