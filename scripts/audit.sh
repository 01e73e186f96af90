#!/usr/bin/env bash
# Checks the licences, the sources, forbidden crates and known vulnerabilities of everything that is built in.
. "$(dirname "$0")/lib.sh"
use_rust
need node "Node.js 20 or newer, apt install nodejs"

version=0.20.2
if [ "$("$tools/bin/cargo-deny" --version 2>/dev/null)" != "cargo-deny $version" ]; then
  step "cargo-deny $version (once, about 7 minutes on two cores)"
  # It should compile fast rather than run fast.
  CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
    CARGO_PROFILE_RELEASE_DEBUG=false \
    cargo install --quiet --locked --force --root "$tools" --target-dir "$tools/build" \
    --version "=$version" cargo-deny 2> >(grep -v 'be sure to add' >&2)
  rm -rf "$tools/build"
fi
deny() { "$tools/bin/cargo-deny" --log-level error "$@"; }

failed=0
unchecked=()

step "licences, sources and forbidden crates of Rust"
deny check licenses bans sources || failed=1

step "licences and sources of npm"
node scripts/licences.mjs || failed=1

# Both lists of vulnerabilities are services on the network. Without them nothing is known, which does not count as a
# finding.
step "known vulnerabilities of Rust"
if answer=$(deny fetch db 2>&1); then
  deny check advisories || failed=1
else
  unchecked+=("Rust: the RustSec database cannot be reached ($(tail -n 1 <<<"$answer" | cut -c1-120))")
fi

step "known vulnerabilities of npm"
for folder in tools end2end; do
  report=$(npm audit --prefix "$folder" --json 2>/dev/null) || true
  case $(node -e '
    let report;
    try { report = JSON.parse(require("fs").readFileSync(0, "utf8")); } catch { report = {}; }
    const counts = report.metadata?.vulnerabilities;
    console.log(counts ? (counts.high + counts.critical + counts.moderate > 0 ? "found" : "none") : "unreachable");
  ' <<<"$report") in
    none) echo "  $folder: none" ;;
    found)
      npm audit --prefix "$folder" || true
      failed=1
      ;;
    *) unchecked+=("npm, $folder: the registry does not answer") ;;
  esac
done

for line in "${unchecked[@]}"; do step "NOT CHECKED. $line"; done
if [ $failed -ne 0 ]; then die "something above is not allowed"; fi
step "nothing found in what was checked"
