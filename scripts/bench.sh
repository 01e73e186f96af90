#!/usr/bin/env bash
# The measure: what a page costs, compared with the goals. Options go to bench/run.mjs (--help lists them) or, with
# --against COMMIT, to bench/against.mjs, which compares this checkout with that commit.
. "$(dirname "$0")/lib.sh"
case " $* " in *" --help "*) exec node bench/run.mjs --help ;; esac

against=
options=()
while [ $# -gt 0 ]; do
  case $1 in
    --against)
      against=${2:-}
      [ -n "$against" ] || die "--against needs a commit"
      shift
      ;;
    *) options+=("$1") ;;
  esac
  shift
done

# build_commit COMMIT FOLDER builds that commit's binary, with its own static files, as FOLDER/balise-COMMIT. The
# sources are in a temporary worktree. FOLDER is kept: a second run with the same commit builds nothing, and another
# commit finds the dependencies compiled.
build_commit() {
  local commit=$1 folder=$2 sources
  if [ -x "$folder/balise-$commit" ]; then return; fi
  sources=$(mktemp -d)
  at_exit "git worktree remove --force '$sources/balise' 2>/dev/null; rm -rf '$sources'"
  git worktree add --quiet --detach "$sources/balise" "$commit"
  mkdir -p "$folder/target" "$folder/tools/bin"
  ln -s "$folder/target" "$sources/balise/target"
  # The commit may need another version of this tool: it must not replace ours.
  cp -u "$tools/bin/wasm-bindgen" "$folder/tools/bin/"
  step "the binary of $commit (about 10 minutes the first time)"
  (cd "$sources/balise" && BALISE_TOOLS="$folder/tools" CARGO_TARGET_DIR="$folder/target" scripts/build.sh)
  cp "$folder/target/release/balise" "$folder/balise-$commit"
}

if [ -n "$against" ]; then
  commit=$(git rev-parse --quiet --verify "$against^{commit}") || die "$against is no commit of this repository"
fi
scripts/setup.sh
scripts/setup-bench.sh
scripts/assets.sh
use_rust
target=$(cargo_target)
use_bench_tools

if [ -n "$against" ]; then
  build_commit "$commit" "$target/bench/against"
  step "the server of this checkout (about 6 minutes the first time, then what changed)"
  cargo build --release --package server --bin balise
  # Not `exec`: the temporary worktree is removed when this script ends.
  BALISE_TARGET=$target node bench/against.mjs --commit "${commit:0:10}" \
    --binary "$target/bench/against/balise-$commit" "${options[@]}"
  exit
fi

step "server and the plain cipher (about 6 minutes the first time, then what changed)"
cargo build --release --package server --package services --bin balise --bin plain-cipher
case " ${options[*]} " in
  *" --postgres "*)
    . scripts/postgres.sh
    postgres_temporary
    ;;
esac
BALISE_TARGET=$target node bench/run.mjs "${options[@]}"
