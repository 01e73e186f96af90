#!/usr/bin/env bash
# Fuzzes the code that reads what strangers send, each target for a while: FUZZ_SECONDS=30 scripts/fuzz.sh [TARGET…]
# Inputs that break something stay in fuzz/artifacts, and the corpus grows in fuzz/corpus. Neither is committed.
. "$(dirname "$0")/lib.sh"
each=${FUZZ_SECONDS:-30}
version=0.13.2

use_rust
need c++ "apt install build-essential"
if [ "$("$tools/bin/cargo-fuzz" --version 2>/dev/null)" != "cargo-fuzz $version" ]; then
  step "cargo-fuzz $version (once, about 1 minute on two cores)"
  CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
    CARGO_PROFILE_RELEASE_DEBUG=false \
    cargo install --quiet --force --locked --root "$tools" --target-dir "$tools/build-fuzz" \
    --version "=$version" cargo-fuzz 2> >(grep -v 'be sure to add' >&2)
  rm -rf "$tools/build-fuzz"
fi
PATH=$tools/bin:$PATH

# The instrumentation is a flag for the nightly compiler, but this setting makes the pinned compiler accept it.
export RUSTC_BOOTSTRAP=1
export BALISE_FUZZ_SEEDS=$PWD/fuzz/seeds
# The most memory and time that one input may use: far more than a check needs.
limits=(-max_total_time="$each" -timeout=5 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1)

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then mapfile -t targets < <(cargo fuzz list); fi
step "Building the fuzz targets (the first time, about 10 minutes on two cores)"
mkdir -p fuzz/target
cargo fuzz build >fuzz/target/build.log 2>&1 || {
  tail -40 fuzz/target/build.log
  die "the fuzz targets do not build"
}
failed=()
for target in "${targets[@]}"; do
  step "$target, $each s"
  mkdir -p "fuzz/seeds/$target" "fuzz/corpus/$target"
  log=fuzz/target/$target.log
  if cargo fuzz run "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- "${limits[@]}" >"$log" 2>&1; then
    grep -E 'number_of_executed_units|new_units_added' "$log" | sed 's/^/    /'
    grep -E '^#[0-9]+.*cov: ' "$log" | tail -1 | sed 's/^/    /'
  else
    tail -40 "$log"
    failed+=("$target")
  fi
done
if [ ${#failed[@]} -gt 0 ]; then die "fuzzing found something: ${failed[*]} (fuzz/artifacts)"; fi
