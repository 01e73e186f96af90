#!/usr/bin/env bash
# Takes pictures of pages, after a build: see end2end/lib/pictures.mjs.
. "$(dirname "$0")/lib.sh"
use_rust
scripts/setup-test.sh
BALISE_BIN=${BALISE_BIN:-$(cargo_target)/release/balise}
[ -x "$BALISE_BIN" ] || die "no $BALISE_BIN: make build comes first"
export BALISE_BIN
exec node end2end/lib/pictures.mjs "$@"
