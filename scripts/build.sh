#!/usr/bin/env bash
# Builds the release binary, with its static files inside.
. "$(dirname "$0")/lib.sh"
scripts/setup.sh
scripts/assets.sh
use_rust
step "server (about 6 minutes the first time, then what changed)"
cargo build --release --package server --bin balise
