#!/usr/bin/env bash
# Installs the tools that the build needs, at pinned versions, inside of the checkout. The user's own tools stay as they
# are.
. "$(dirname "$0")/lib.sh"

need git "apt install git"
need cc "apt install build-essential"
need node "Node.js 20 or newer, apt install nodejs"
need npm "it comes with Node.js, apt install npm"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] ||
  die "node is $(node --version): 20 or newer is needed, see nodejs.org"

use_rust
if command -v rustup >/dev/null 2>&1; then
  missing=$(comm -13 <(rustup component list --installed | sed 's/-[^-]*-[^-]*-linux-.*//' | sort) <(printf '%s\n' clippy rustfmt))
  for component in $missing; do
    step "$component for Rust (once, a few seconds)"
    rustup component add "$component"
  done
fi
if [ ! -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; then
  step "WebAssembly target for Rust (once, a few seconds)"
  need rustup "install it, see rustup.rs"
  rustup target add wasm32-unknown-unknown
fi

# The command line must have the same version as the crate.
version=0.2.130
if [ -f Cargo.lock ]; then
  version=$(awk -F '"' '$0 == "name = \"wasm-bindgen\"" { getline; print $2 }' Cargo.lock)
  [ -n "$version" ] || die "Cargo.lock has no wasm-bindgen: is the frontend crate in the workspace?"
  [ "$(wc -l <<<"$version")" -eq 1 ] || die "Cargo.lock has several versions of wasm-bindgen: $(xargs <<<"$version")"
fi
if [ "$("$tools/bin/wasm-bindgen" --version 2>/dev/null)" != "wasm-bindgen $version" ]; then
  step "wasm-bindgen $version (once, about 2 minutes on two cores)"
  # It should compile fast rather than run fast. Its own lock file does not build, so `--locked` is left out.
  # A compilation that was cut short leaves broken files behind.
  rm -rf "$tools/build"
  CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
    CARGO_PROFILE_RELEASE_DEBUG=false \
    CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS=fallback \
    cargo install --quiet --force --root "$tools" --target-dir "$tools/build" \
    --version "=$version" --no-default-features --bin wasm-bindgen wasm-bindgen-cli 2> >(grep -v 'be sure to add' >&2)
  rm -rf "$tools/build"
fi

npm_install tools "sass, wasm-opt and resvg from npm (once, about 10 seconds)"
