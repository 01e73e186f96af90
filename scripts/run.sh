#!/usr/bin/env bash
# Builds, fills an empty database with a demonstration, and serves it.
. "$(dirname "$0")/lib.sh"
scripts/build.sh
use_rust
balise=$(cargo_target)/release/balise

data=${BALISE_DATA:-./data}
logins=$data/demo-logins.txt
(umask 077 && mkdir -p "$data")
if [ -e "$logins" ]; then
  "$balise" demo --if-empty
else
  step "demonstration data (once, about 20 seconds)"
  # The database does not hold the passwords, so this file is the only place to read them.
  (umask 077 && "$balise" demo --if-empty >"$logins.new")
  if [ -s "$logins.new" ]; then
    mv "$logins.new" "$logins"
    cat "$logins"
  else
    rm -f "$logins.new"
  fi
fi
if [ -e "$logins" ]; then step "demonstration logins are kept in $logins"; fi
step "serving on http://${BALISE_LISTEN:-127.0.0.1:3000} (Ctrl-C stops it)"
exec "$balise" serve
