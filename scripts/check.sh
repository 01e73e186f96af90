#!/usr/bin/env bash
# Checks formatting and lints, native and for WebAssembly.
. "$(dirname "$0")/lib.sh"
use_rust
step "formatting (a second)"
cargo fmt --all --check
step "clippy (about 3 minutes the first time)"
cargo clippy --workspace --all-targets -- -D warnings
step "clippy for WebAssembly (about 2 minutes the first time)"
for entry in $ENTRY_POINTS; do
  cargo clippy --package frontend --features "$entry" --target wasm32-unknown-unknown -- -D warnings
done
