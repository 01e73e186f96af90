# shellcheck shell=bash
# Functions for the other scripts. This file is sourced and not run; it changes to the root of the checkout.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The folder of the tools that we build. Several checkouts can share it.
tools=${BALISE_TOOLS:-.tools}
case $tools in /*) ;; *) tools=$PWD/$tools ;; esac

step() { printf '▸ %s\n' "$*"; }
die() {
  printf 'balise: %s\n' "$*" >&2
  exit 1
}

# need COMMAND HOW: ends with one line when the command is missing.
need() { command -v "$1" >/dev/null 2>&1 || die "$1 is missing: $2"; }

# One checksum of the names and contents of every file under the paths that exist.
digest() {
  local path found=()
  for path in "$@"; do
    if [ -e "$path" ]; then found+=("$path"); fi
  done
  if [ ${#found[@]} -eq 0 ]; then
    echo none
    return
  fi
  find "${found[@]}" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64
}

# at_exit COMMAND: runs a command when this script ends, for whatever reason. The last one added runs first.
endings=${endings:-}
at_exit() {
  endings="$*; $endings"
  # shellcheck disable=SC2064 # what is known now
  trap "$endings" EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# Puts temporary files into memory when there is plenty of it: tests throw away all that they write, and databases write
# much.
temporary_in_memory() {
  local free available
  if [ ! -w /dev/shm ]; then return; fi
  free=$(df --output=avail -m /dev/shm | tail -1)
  available=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
  if [ "$free" -lt 4000 ] || [ "$available" -lt 8000 ]; then return; fi
  TMPDIR=$(mktemp -d /dev/shm/balise.XXXXXX)
  chmod 711 "$TMPDIR" # PostgreSQL's user has to pass through
  export TMPDIR
  at_exit "rm -rf '$TMPDIR'"
}

# unchanged STAMP VALUE: whether the step that wrote this stamp had the same inputs.
unchanged() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# npm_install FOLDER TITLE: installs exactly the locked packages, and never runs their own scripts.
npm_install() {
  local stamp=$1/node_modules/.balise-lock want
  want=$(digest "$1/package.json" "$1/package-lock.json" "$1/.npmrc")
  if unchanged "$stamp" "$want"; then return; fi
  step "$2"
  (cd "$1" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  printf '%s\n' "$want" >"$stamp"
}

# Uses sudo only when it is needed and installed.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    die "root is needed for: $*"
  fi
}

# apt_install PACKAGE…: installs onto the system. apt prints much, so its output is shown only when it fails.
apt_install() {
  local log
  command -v apt-get >/dev/null 2>&1 ||
    die "$* missing: install with your distribution's packages (CHROMIUM=/path/to/chromium names a browser elsewhere)"
  step "$* from the distribution (once, about 1 minute)"
  log=$(mktemp)
  if ! { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "$@"; } >"$log" 2>&1; then
    cat "$log" >&2
    die "the distribution's packages could not be installed: $*"
  fi
  rm -f "$log"
}

# Installs a browser, unless CHROMIUM=/path names one. The one without windows takes half the time; a whole one works as
# well where that cannot be had.
install_browser() {
  local whole=
  if [ -n "${CHROMIUM:-}" ] || command -v chromium-headless-shell >/dev/null 2>&1; then return; fi
  if command -v chromium >/dev/null 2>&1; then whole=yes; fi
  if [ -n "$whole" ] && [ -z "$(apt-cache show chromium-headless-shell 2>/dev/null)" ]; then return; fi
  if (apt_install chromium-headless-shell fonts-dejavu-core); then return; fi
  step "a whole browser does as well: the journeys take longer"
  if [ -z "$whole" ]; then apt_install chromium fonts-dejavu-core; fi
}

# Installs a browser with windows, unless CHROMIUM=/path names one: the one without them cannot install an app.
install_whole_browser() {
  if [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1; then return; fi
  apt_install chromium fonts-dejavu-core
}

# The folder that cargo builds into (CARGO_TARGET_DIR or cargo's configuration may have moved it).
cargo_target() {
  cargo metadata --no-deps --format-version 1 |
    node -p 'JSON.parse(fs.readFileSync(0, "utf8")).target_directory'
}

# The entry points of the browser, one WebAssembly each: the public pages, and those behind a sign-in. They are features
# of `frontend`.
ENTRY_POINTS="public spaces"

# build_entry_point ENTRY PROFILE: compiles an entry point and prints the path of its file. Each gets a file of its own,
# because cargo writes them all to one.
build_entry_point() {
  local built
  cargo build --package frontend --features "$1" --target wasm32-unknown-unknown --profile "$2" >&2 || return
  built=$(cargo_target)/wasm32-unknown-unknown/$2
  cp "$built/frontend.wasm" "$built/$1.wasm"
  printf '%s\n' "$built/$1.wasm"
}

# Selects the pinned toolchain: by its number or, when rustup does not know that name, as `stable`.
use_rust() {
  local want
  need cargo "install Rust with rustup, see rustup.rs"
  want=$(sed -n 's/^channel *= *"\(.*\)"/\1/p' rust-toolchain.toml)
  if ! command -v rustup >/dev/null 2>&1; then
    rustc --version | grep -q "^rustc $want " || die "rustc $want is missing: install rustup, see rustup.rs"
    return
  fi
  if rustup run "$want" rustc --version >/dev/null 2>&1; then return; fi
  if rustup run stable rustc --version 2>/dev/null | grep -q "^rustc $want "; then
    export RUSTUP_TOOLCHAIN=stable
    return
  fi
  step "Rust $want (once, about 1 minute)"
  rustup toolchain install "$want" --profile minimal
}

# Finds the load generator and the programs to compare with: on the system, or where scripts/setup-bench.sh put them.
use_bench_tools() {
  local libraries
  libraries=$(find "$tools/bench" -name 'libluajit*.so*' -printf '%h\n' -quit)
  export PATH="$PATH:/usr/sbin:$tools/bin:$tools/bench/usr/bin:$tools/bench/usr/sbin"
  export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:-}${LD_LIBRARY_PATH:+:}$libraries"
}
