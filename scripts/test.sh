#!/usr/bin/env bash
# Runs every check and every test, on both engines, and then the browser journeys. The counts come at the end.
. "$(dirname "$0")/lib.sh"
. scripts/postgres.sh
scripts/setup.sh
scripts/setup-test.sh
use_rust
temporary_in_memory
# A test spends about a third of its time waiting for databases and for clients that are slow on purpose.
export RUST_TEST_THREADS=${RUST_TEST_THREADS:-$(($(nproc) * 3 / 2))}

target=$(cargo_target)
results=target/test-results
rm -rf "$results"
mkdir -p "$results"

# stage TITLE COMMAND…: prints a heading and the time, and adds a line to the summary. A failure does not stop the run.
stage() {
  local title=$1 begin=$SECONDS outcome=ok
  shift
  printf '\n== %s ==\n' "$title"
  "$@" || outcome=FAILED
  printf -- '-- %s: %s, %d s\n' "$title" "$outcome" $((SECONDS - begin))
  printf '%s\t%s\t%d\n' "$outcome" "$title" $((SECONDS - begin)) >>"$results/stages"
  [ "$outcome" = ok ]
}
skip() { printf 'FAILED\t%s (not run)\t0\n' "$1" >>"$results/stages"; }

rust_tests() {
  local status=0
  cargo test --workspace --no-fail-fast 2>&1 | tee "$results/rust.log" || status=$?
  return $status
}

# beside TITLE COMMAND…: starts a stage now and lets it run beside the ones that follow, because compiling often ends on
# one core. `joined TITLE` waits for it, shows its output and gives its outcome.
declare -A beside_pid
beside() {
  local title=$1
  (stage "$@") >"$results/${title// /-}.log" 2>&1 &
  beside_pid[$title]=$!
}
joined() {
  local outcome=0
  wait "${beside_pid[$1]}" || outcome=$?
  cat "$results/${1// /-}.log"
  return $outcome
}

web_assembly() {
  local entry
  for entry in $ENTRY_POINTS; do nice cargo build --package frontend --features "$entry" "$@" || return; done
}
clippy_web_assembly() {
  local entry
  for entry in $ENTRY_POINTS; do
    cargo clippy --package frontend --features "$entry" --target wasm32-unknown-unknown -- -D warnings || return
  done
}

beside "WebAssembly" web_assembly --target wasm32-unknown-unknown --profile wasm-release
stage "Formatting" cargo fmt --all --check || true
stage "Licences" node --test --test-reporter=dot scripts/licences.test.mjs || true
stage "What the measure takes apart" node --test --test-reporter=dot bench/lib/*.test.mjs || true
stage "Licences of the dependencies" node scripts/licences.mjs || true
stage "Clippy" cargo clippy --workspace --all-targets -- -D warnings || true
stage "Clippy, WebAssembly" clippy_web_assembly || true

# The journeys use the binary that the tests are compiled with: the code of the release with its assertions on. A second
# compilation of everything would take as long as all tests together. `make bench` measures what the optimisation
# changes.
if joined "WebAssembly" && stage "Static files" scripts/assets.sh &&
  stage "Tests compiled" cargo test --workspace --no-run; then
  if stage "PostgreSQL" postgres_temporary; then
    stage "Rust tests" rust_tests || true
  else
    skip "Rust tests"
  fi
  stage "Browser journeys" env BALISE_BIN="$target/debug/balise" \
    node end2end/run.mjs --counts "$results/journeys.json" || true
else
  skip "Rust tests, browser journeys"
fi

node scripts/summary.mjs "$results"
