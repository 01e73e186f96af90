#!/usr/bin/env bash
# Installs what the tests need besides: Chromium without and with windows, PostgreSQL and openssl from the distribution,
# and npm packages.
. "$(dirname "$0")/lib.sh"
. scripts/postgres.sh # for postgres_bin

packages=()
if [ -z "$(postgres_bin)" ]; then packages+=(postgresql); fi
if ! command -v openssl >/dev/null 2>&1; then packages+=(openssl); fi

if [ ${#packages[@]} -gt 0 ]; then
  # The tests run their own database in a temporary folder, so no system cluster and no service is made.
  if command -v apt-get >/dev/null 2>&1 && [[ " ${packages[*]} " == *" postgresql "* ]]; then
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
      as_root mkdir -p /etc/postgresql-common
      echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      at_exit 'as_root rm -f /usr/sbin/policy-rc.d'
      printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
      as_root chmod 755 /usr/sbin/policy-rc.d
    fi
  fi

  apt_install "${packages[@]}"
fi

install_browser
install_whole_browser

npm_install end2end "browser-test packages from npm (once, about 5 seconds)"
