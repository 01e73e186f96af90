#!/usr/bin/env bash
# The measure: what a page costs, beside the goals. Options go to bench/run.mjs (--help lists them).
. "$(dirname "$0")/lib.sh"
case " $* " in *" --help "*) exec node bench/run.mjs --help ;; esac
scripts/setup.sh
scripts/setup-bench.sh
scripts/assets.sh
use_rust
step "server and the plain cipher (about 6 minutes the first time, then what changed)"
cargo build --release --package server --package services --bin balise --bin plain-cipher

case " $* " in
  *" --postgres "*)
    . scripts/postgres.sh
    postgres_temporary
    ;;
esac
use_bench_tools
BALISE_TARGET="$(cargo_target)" node bench/run.mjs "$@"
