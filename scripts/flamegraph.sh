#!/usr/bin/env bash
# flamegraph.sh [PAGE] draws where the time of a page goes, as target/bench/flamegraph-….svg.
. "$(dirname "$0")/lib.sh"
command -v perf >/dev/null 2>&1 || die "perf is missing: apt install linux-perf (linux-tools-generic on Ubuntu)"
scripts/setup.sh
scripts/setup-bench.sh
scripts/assets.sh
use_rust
if [ ! -x "$tools/bin/inferno-flamegraph" ]; then
  step "inferno, which draws flame graphs (once, about 2 minutes)"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_DEBUG=false CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
    cargo install --quiet --locked --root "$tools" --target-dir "$tools/build" --version =0.12.8 inferno \
    2> >(grep -v 'be sure to add' >&2)
  rm -rf "$tools/build"
fi
step "server (about 6 minutes the first time, then what changed)"
cargo build --release --package server --bin balise
use_bench_tools
BALISE_TARGET="$(cargo_target)" node bench/flamegraph.mjs "$@"
