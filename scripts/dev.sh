#!/usr/bin/env bash
# Builds and serves during development: see dev.mjs.
. "$(dirname "$0")/lib.sh"
use_rust
export BALISE_TOOLS=$tools
exec node scripts/dev.mjs
