#!/usr/bin/env bash
# Makes the files that browsers load: the style, the WebAssembly, the icons and the static files, under target/site.
# Each part is made again only when the contents of its sources changed.
. "$(dirname "$0")/lib.sh"
use_rust

site=target/site
mkdir -p "$site/wasm" "$site/style"

# -- WebAssembly -------------------------------------------------------------------------------
inputs=$(digest Cargo.toml Cargo.lock rust-toolchain.toml .cargo app frontend tools/package-lock.json scripts/assets.sh scripts/lib.sh)
if ! unchanged "$site/wasm.stamp" "$inputs"; then
  rm -f "$site/wasm.stamp"
  step "WebAssembly of the islands (about 4 minutes the first time, then about 30 seconds)"
  for entry in $ENTRY_POINTS; do
    built=$(build_entry_point "$entry" wasm-release)
    # Most changes of a page do not change the islands.
    raw=$(digest "$built" tools/package-lock.json scripts/assets.sh)
    folder=$site/wasm/$entry
    if ! unchanged "$site/$entry.stamp" "$raw" || [ ! -f "$folder/${entry}_bg.wasm" ]; then
      rm -rf "$folder" "$site/$entry.stamp"
      step "wasm-bindgen and wasm-opt: $entry (about 10 seconds)"
      "$tools/bin/wasm-bindgen" --target web --no-typescript --out-name "$entry" --out-dir "$folder" "$built"
      # rustc turns these features on for this target, but wasm-bindgen drops the section that lists them.
      tools/node_modules/.bin/wasm-opt -Oz \
        --enable-bulk-memory --enable-bulk-memory-opt --enable-call-indirect-overlong \
        --enable-multivalue --enable-mutable-globals --enable-nontrapping-float-to-int \
        --enable-reference-types --enable-sign-ext \
        "$folder/${entry}_bg.wasm" -o "$site/small.wasm"
      mv "$site/small.wasm" "$folder/${entry}_bg.wasm"
      printf '%s\n' "$raw" >"$site/$entry.stamp"
    fi
  done
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
made=("$site/style" "$site/icons" public)
for entry in $ENTRY_POINTS; do made+=("$site/wasm/$entry"); done
inputs=$(digest "${made[@]}" scripts/assets.mjs)
if ! unchanged "$site/site.stamp" "$inputs" || [ ! -f "$site/manifest.json" ]; then
  rm -f "$site/site.stamp"
  step "static files, compressed with brotli and gzip (a few seconds)"
  node scripts/assets.mjs "$site" "${made[@]}"
  printf '%s\n' "$inputs" >"$site/site.stamp"
fi
