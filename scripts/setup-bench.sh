#!/usr/bin/env bash
# Installs what the measure needs besides: wrk, nginx and the sqlite3 program, unpacked from the distribution's packages
# into the folder of the tools, without starting a service; a browser, when there is none; and the consent scripts that
# ours is compared with.
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
  # apt prints much, so its output is shown only when it fails. Its lists of packages may be missing or old.
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
# Only the measure uses these: no build, test or package contains them.
npm_install bench/banners "consent scripts from npm, to measure ours beside (once, about 20 seconds)"
