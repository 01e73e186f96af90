#!/usr/bin/env bash
# What the measure needs besides: wrk, nginx and the sqlite3 program, unpacked from the distribution's packages into the tools' folder, no
# service is started; a browser, installed where there is none; and the consent scripts that ours is measured beside.
. "$(dirname "$0")/lib.sh"

home=$tools/bench
mkdir -p "$home"
for program in wrk nginx sqlite3; do
  if command -v "$program" >/dev/null 2>&1 || [ -x "$home/usr/bin/$program" ] || [ -x "$home/usr/sbin/$program" ]; then
    continue
  fi
  command -v apt-get >/dev/null 2>&1 || die "$program is missing: install it with your distribution's packages"
  step "$program from the distribution (once, a few seconds)"
  folder=$(mktemp -d)
  packages=("$program")
  if [ "$program" = wrk ]; then
    packages+=("$(apt-cache depends wrk | sed -n 's/^[ |]*Depends: \(libluajit.*\)/\1/p' | head -n 1)")
  fi
  if [ "$program" = sqlite3 ]; then packages+=(libsqlite3-0); fi
  # apt is wordy: shown only when it fails. The lists may be missing or old.
  if ! (cd "$folder" && { apt-get download "${packages[@]}" || { as_root apt-get update -qq && apt-get download "${packages[@]}"; }; }) >"$folder/log" 2>&1; then
    cat "$folder/log" >&2
    rm -rf "$folder"
    die "the distribution's packages could not be fetched: ${packages[*]}"
  fi
  for package in "$folder"/*.deb; do dpkg-deb --extract "$package" "$home"; done
  rm -rf "$folder"
done

install_browser

npm_install end2end "test packages from npm (once, about 5 seconds)"
# Looked at by the measure alone: no build, test or package holds a byte of them.
npm_install bench/banners "consent scripts from npm, to measure ours beside (once, about 20 seconds)"
