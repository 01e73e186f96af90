#!/usr/bin/env bash
# What browsers load: style, WebAssembly, icons and static files, under target/site.
# Each part is made again only when the contents of what it is made from changed.
. "$(dirname "$0")/lib.sh"
use_rust

site=target/site
mkdir -p "$site/wasm" "$site/style"

# -- WebAssembly -------------------------------------------------------------------------------
inputs=$(digest Cargo.toml Cargo.lock rust-toolchain.toml .cargo app frontend tools/package-lock.json scripts/assets.sh)
if ! unchanged "$site/wasm.stamp" "$inputs"; then
  rm -f "$site/wasm.stamp"
  step "WebAssembly of the islands (about 4 minutes the first time, then about 30 seconds)"
  cargo build --package frontend --target wasm32-unknown-unknown --profile wasm-release
  built=$(cargo_target)/wasm32-unknown-unknown/wasm-release/frontend.wasm
  # Most edits of a page leave the islands as they were.
  raw=$(digest "$built" tools/package-lock.json scripts/assets.sh)
  if ! unchanged "$site/bindgen.stamp" "$raw" || [ ! -f "$site/wasm/balise_bg.wasm" ]; then
    rm -rf "$site/wasm" "$site/bindgen.stamp"
    step "wasm-bindgen and wasm-opt (about 20 seconds)"
    "$tools/bin/wasm-bindgen" --target web --no-typescript --out-name balise --out-dir "$site/wasm" "$built"
    # The features rustc turns on for this target; wasm-bindgen drops the section that lists them.
    tools/node_modules/.bin/wasm-opt -Oz \
      --enable-bulk-memory --enable-bulk-memory-opt --enable-call-indirect-overlong \
      --enable-multivalue --enable-mutable-globals --enable-nontrapping-float-to-int \
      --enable-reference-types --enable-sign-ext \
      "$site/wasm/balise_bg.wasm" -o "$site/wasm/balise_bg.wasm.small"
    mv "$site/wasm/balise_bg.wasm.small" "$site/wasm/balise_bg.wasm"
    printf '%s\n' "$raw" >"$site/bindgen.stamp"
  fi
  printf '%s\n' "$inputs" >"$site/wasm.stamp"
fi

# -- style -------------------------------------------------------------------------------------
inputs=$(digest style tools/package-lock.json scripts/assets.sh)
if ! unchanged "$site/style.stamp" "$inputs"; then
  rm -f "$site/style.stamp"
  step "style (about 1 second)"
  tools/node_modules/.bin/sass --style=compressed --no-source-map \
    style/main.scss:"$site/style/app.css" style/offline.scss:"$site/style/offline.css"
  printf '%s\n' "$inputs" >"$site/style.stamp"
fi

# -- icons -------------------------------------------------------------------------------------
inputs=$(digest public/favicon.svg tools/package-lock.json scripts/icons.mjs)
if ! unchanged "$site/icons.stamp" "$inputs"; then
  rm -rf "$site/icons.stamp" "$site/icons"
  step "icons of the app (about 1 second)"
  node scripts/icons.mjs public/favicon.svg "$site/icons"
  printf '%s\n' "$inputs" >"$site/icons.stamp"
fi

# -- all together, compressed ------------------------------------------------------------------
inputs=$(digest "$site/wasm" "$site/style" "$site/icons" public scripts/assets.mjs)
if ! unchanged "$site/site.stamp" "$inputs" || [ ! -f "$site/manifest.json" ]; then
  rm -f "$site/site.stamp"
  step "static files, compressed with brotli and gzip (a few seconds)"
  node scripts/assets.mjs "$site" "$site/wasm" "$site/style" "$site/icons" public
  printf '%s\n' "$inputs" >"$site/site.stamp"
fi
