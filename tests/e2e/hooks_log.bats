#!/usr/bin/env bats
# hooks log, stats and export: what the record of hooks tells, on a record that the runner wrote.
#
# SPDX-License-Identifier: Apache-2.0
load helpers

setup_file() {
  export CONTAINER_HOOKS_CONFIG=$BATS_FILE_TMPDIR/config.toml RECORD_FILE=$BATS_FILE_TMPDIR/log/hooks.jsonl
  printf '[container-hooks]\nrecord = "all"\nrecord-file = "%s"\n' "$RECORD_FILE" >"$CONTAINER_HOOKS_CONFIG"
  ran 0123456789abcdef web createRuntime verify 'sleep 0.05'
  ran 0123456789abcdef web poststart tell-start 'printf "connect:\nconnection refused\n" >&2; exit 1'
  ran fedcba9876543210 db createRuntime verify 'true'
  echo '{"time":"2026-11-24T23:10:05Z","hook":"torn' >>"$RECORD_FILE"
}

setup() {
  CTK=$BUILD/container-hooks-ctk
  cd "$BATS_TEST_TMPDIR" || return
}

# ran CONTAINER NAME STAGE HOOK SCRIPT
ran() {
  "$MARKER" run --stage="$3" --hook="$4" --file="/etc/$4.json" --container="$1" --name="$2" --image=busybox \
    --engine=docker --record=all --record-file="$RECORD_FILE" -- /bin/sh sh -c "$5" 2>/dev/null || true
}

ctk() { run --separate-stderr "$CTK" "$@"; }

@test "hooks log has a line for each run, a torn line aside" {
  ctk hooks log
  ok
  [ "${#lines[@]}" = 4 ]
  [[ ${lines[1]} =~ ^..-..\ ..:..:..\ +web\ +createRuntime\ +verify\ +[0-9]+\.[0-9]\ +ok$ ]]
  [[ ${lines[2]} == *"exit 1: connection refused" ]]
}

@test "hooks log --failed, --hook and --since choose runs" {
  ctk hooks log --failed
  [ "${#lines[@]}" = 2 ] && [[ ${lines[1]} == *tell-start* ]]
  ctk hooks log --hook verify
  [ "${#lines[@]}" = 3 ]
  ctk hooks log --since 1h
  [ "${#lines[@]}" = 4 ]
  ctk hooks log --since 2999-01-01
  [ "${#lines[@]}" = 1 ]
  ctk hooks log --since yesterday
  ok 2
}

@test "hooks log --container takes the beginning of an id or a name, and ends with a timeline" {
  local container
  for container in web 0123 0123456789abcdef; do
    ctk hooks log --container "$container"
    ok
    [[ $output == *"stage "*"0 ms"*"createRuntime"*"verify"*"###"*"tell-start"*"#"* ]] || no "$output"
    [[ $output != *fedcba* && $output != *" db "* ]] || no "$output"
  done
}

@test "a timeline on a terminal of 80 columns fits, with blocks where the locale has them" {
  needs_command script
  local locale
  for locale in C.UTF-8 C; do
    LC_ALL=$locale TERM=dumb run script -qec "stty cols 80; $CTK hooks log --container web" /dev/null
    ok
    if [ "$locale" = C ]; then [[ $output == *'###'* ]]; else [[ $output == *███* ]]; fi
    local line
    while read -r line; do [ "${#line}" -le 81 ] || no "${#line}: $line" || return; done <<<"$output"
  done
}

@test "hooks log --json is the records as they are, a line each" {
  ctk hooks log --json
  ok
  [ "$(jq -c '[.container, .hook, .result]' <<<"$output" | paste -sd ' ')" = \
    '["0123456789abcdef","verify","ok"] ["0123456789abcdef","tell-start","failed"] ["fedcba9876543210","verify","ok"]' ]
}

@test "hooks log --follow shows what comes, over a rotation" {
  local file=$BATS_TEST_TMPDIR/followed.jsonl n
  "$CTK" hooks log --follow --json --file "$file" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
  local pid=$!
  for n in $(seq 6); do
    "$MARKER" run "--hook=h$n" --record=all --record-file="$file" --record-size=600 -- /bin/true
    eventually grep -q "\"h$n\"" "$BATS_TEST_TMPDIR/out"
  done
  kill "$pid"
  [ -e "$file.1" ]
  [ "$(jq -r .hook "$BATS_TEST_TMPDIR/out" | paste -sd ' ')" = "h1 h2 h3 h4 h5 h6" ]
}

@test "hooks stats counts runs and failures, and tells how long they took" {
  ctk hooks stats
  ok
  [[ $output == *"verify "*"createRuntime "*" 2 "*" 0 "*"|"* ]]
  ctk hooks stats --json
  [ "$(jq -c '.[] | [.hook, .stage, .runs, .failed, .p50 <= .max, ([.buckets[]] | add)]' <<<"$output" | paste -sd ' ')" = \
    '["tell-start","poststart",1,1,true,1] ["verify","createRuntime",2,0,true,2]' ]
}

@test "promtool finds nothing to say about hooks export --format prometheus" {
  ctk hooks export --format prometheus
  ok
  [[ $output == *'container_hooks_runs_total{hook="verify",stage="createRuntime",result="ok"} 2'* ]]
  needs_command promtool
  promtool check metrics <<<"$output"
}

@test "node_exporter's textfile collector serves what hooks export wrote into its directory" {
  needs_command prometheus-node-exporter
  mkdir textfiles
  "$CTK" hooks export --format prometheus >textfiles/hooks.prom
  local port
  for port in $(shuf -n 5 -i 20000-30000); do
    prometheus-node-exporter --collector.disable-defaults --collector.textfile --collector.textfile.directory="$PWD/textfiles" \
      --web.listen-address="127.0.0.1:$port" >exporter.log 2>&1 3>&- &
    eventually metrics_of "$port"
    [ -z "$output" ] || break
  done
  kill $! && wait $! || true
  [[ $output == *'container_hooks_runs_total{hook="verify",result="ok",stage="createRuntime"} 2'* ]] || no "$(cat exporter.log)"
  [[ $output == *'node_textfile_scrape_error 0'* ]]
}

# The page is kept in $output; none where the exporter has ended, since somebody else has the port.
metrics_of() {
  output=''
  kill -0 $! 2>/dev/null || return 0
  output=$(exec 2>/dev/null 5<>"/dev/tcp/127.0.0.1/$1" && printf 'GET /metrics HTTP/1.0\r\n\r\n' >&5 && cat <&5) && [ -n "$output" ]
}

@test "hooks export --format otlp has a trace for each container, and chrome a process" {
  ctk hooks export --format otlp
  ok
  [ "$(jq -c '[(.resourceSpans[0].resource.attributes[] | select(.key == "container.name").value.stringValue),
      (.resourceSpans[0].scopeSpans[0].spans[] | (.traceId | test("^[0-9a-f]{32}$")) and (.spanId | test("^[0-9a-f]{16}$")) and
        (.startTimeUnixNano | type == "string") and ((.endTimeUnixNano | tonumber) >= (.startTimeUnixNano | tonumber)) and (.status.code | . == 1 or . == 2))]' \
    <<<"$output" | paste -sd ' ')" = '["web",true,true] ["db",true]' ]
  ctk hooks export --format chrome
  ok
  [ "$(jq -c '[.traceEvents[] | select(.ph == "X") | [.name, .pid, (.ts | type), (.dur | type)]]' <<<"$output")" = \
    '[["verify",1,"number","number"],["tell-start",1,"number","number"],["verify",2,"number","number"]]' ]
  ctk hooks export --format csv
  ok 2
}

@test "what a hook said is escaped for terminals, wherever it is printed" {
  local file=$BATS_TEST_TMPDIR/hostile.jsonl words
  "$MARKER" run $'--hook=h\e]0;x\a' --container=c --record=all --record-file="$file" -- /bin/sh sh -c 'printf "\033[2J\n" >&2; exit 1' 2>/dev/null || true
  for words in "log --container c" "log --json" stats "stats --json" "export --format prometheus" "export --format otlp" "export --format chrome"; do
    # shellcheck disable=SC2086 # words
    ctk hooks $words --file "$file"
    ok
    [[ $output != *$'\e'* && $output != *$'\a'* && $output == *'u001b'* ]] || no "$words: $output"
  done
}

@test "without a record there is nothing, and that recording is off is said" {
  ctk hooks log --file "$BATS_TEST_TMPDIR/none"
  ok
  [ "${#lines[@]}" = 1 ]
  CONTAINER_HOOKS_CONFIG=$BATS_TEST_TMPDIR/c.toml
  : >"$CONTAINER_HOOKS_CONFIG"
  ctk hooks stats
  ok
  [[ $stderr == "record is off"* ]]
}

@test "64 writers at once over the runner: no record is torn, lost or doubled" {
  local file=$BATS_TEST_TMPDIR/many.jsonl n
  seq 500 | xargs -P 64 -I{} "$MARKER" run --hook=h{} --record=all --record-file="$file" -- /bin/true
  [ "$(jq -r .hook "$file" | sort -u | wc -l)" = 500 ]
  [ "$(wc -l <"$file")" = 500 ]
}

@test "that hooks of startContainer are not recorded is said where there are such hooks" {
  local hooks=$PWD/hooks.json
  { cat "$CONTAINER_HOOKS_CONFIG"; echo "path = \"$hooks\""; } >config.toml
  echo '{"startContainer":[{"path":"/bin/true"}]}' >"$hooks"
  CONTAINER_HOOKS_CONFIG=$PWD/config.toml ctk hooks log
  ok
  [ "${#lines[@]}" = 4 ]
  [[ $stderr == *"$hooks:1:28: \"/bin/true\": its startContainer runs inside the container and is not recorded" ]] || no "$stderr"
  echo '{"createRuntime":[{"path":"/bin/true"}]}' >"$hooks"
  CONTAINER_HOOKS_CONFIG=$PWD/config.toml ctk hooks log
  ok
  [ -z "$stderr" ]
}
