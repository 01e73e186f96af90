#!/usr/bin/env bash
# What the tests need besides: Chromium and PostgreSQL from the distribution, npm packages.
. "$(dirname "$0")/lib.sh"
. scripts/postgres.sh # for postgres_bin

packages=()
if [ -z "${CHROMIUM:-}" ] && ! command -v chromium >/dev/null 2>&1; then packages+=(chromium fonts-dejavu-core); fi
if [ -z "$(postgres_bin)" ]; then packages+=(postgresql); fi

if [ ${#packages[@]} -gt 0 ]; then
  command -v apt-get >/dev/null 2>&1 ||
    die "${packages[*]} missing: install with your distribution's packages (CHROMIUM=/path/to/chromium names a browser elsewhere)"
  step "${packages[*]} from the distribution (once, about 1 minute)"

  # The tests run a database of their own in a temporary folder: no system cluster, no service.
  if [[ " ${packages[*]} " == *" postgresql "* ]]; then
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
      as_root mkdir -p /etc/postgresql-common
      echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
      printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
      as_root chmod 755 /usr/sbin/policy-rc.d
    fi
  fi

  # apt is wordy: shown only when it fails
  log=$(mktemp)
  if ! { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "${packages[@]}"; } >"$log" 2>&1; then
    cat "$log" >&2
    die "the distribution's packages could not be installed: ${packages[*]}"
  fi
  rm -f "$log"
fi

npm_install end2end "browser-test packages from npm (once, about 5 seconds)"
