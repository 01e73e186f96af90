#!/usr/bin/env bash
# Runs a PostgreSQL in a temporary folder that is removed afterwards.
#   scripts/postgres.sh run COMMAND…   COMMAND with BALISE_TEST_POSTGRES_URL set
#   scripts/postgres.sh start FOLDER   prints the URL; FOLDER must not exist yet
#   scripts/postgres.sh stop FOLDER    stops it and removes FOLDER
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The folder of the newest installed version, or nothing when there is none.
postgres_bin() {
  local found
  for found in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
    if [ -x "$found/initdb" ]; then
      echo "$found"
      return
    fi
  done
  if command -v initdb >/dev/null 2>&1; then dirname "$(command -v initdb)"; fi
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then
    id postgres >/dev/null 2>&1 || die "no user 'postgres' to run PostgreSQL as, and it refuses root"
    setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
  else
    "$@"
  fi
}

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

postgres_start() {
  local folder=$1 bin port password
  bin=$(postgres_bin)
  [ -n "$bin" ] || die "PostgreSQL is missing: make setup-test installs it"
  mkdir "$folder"
  chmod 700 "$folder"
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s\n' "$password" >"$folder/password"
  if [ "$(id -u)" -eq 0 ]; then chown -R postgres: "$folder"; fi

  # A password is needed, because every local user can reach the port.
  (cd / && as_postgres "$bin/initdb" --pgdata="$folder/data" --username=balise --pwfile="$folder/password" \
    --auth=password --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null) || die "initdb failed"
  # No data here has to survive a power cut.
  cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_connections = 300
shared_buffers = 64MB
autovacuum = off
CONF

  local try
  for try in 1 2 3 4 5; do # another process may take the port in between
    port=$(free_port)
    if (cd / && as_postgres "$bin/pg_ctl" start --pgdata="$folder/data" --options="-p $port" \
      --log="$folder/log" --silent --wait >&2); then
      echo "postgres://balise:$password@127.0.0.1:$port/postgres"
      return
    fi
  done
  cat "$folder/log" >&2
  die "PostgreSQL did not start ($try tries)"
}

postgres_stop() {
  local folder=$1
  if [ -f "$folder/data/postmaster.pid" ]; then
    (cd / && as_postgres "$(postgres_bin)/pg_ctl" stop --pgdata="$folder/data" --mode=immediate --silent --wait) || true
  fi
  rm -rf "$folder"
}

# postgres_temporary: sets and exports BALISE_TEST_POSTGRES_URL until this script ends, for whatever reason.
postgres_temporary() {
  local parent
  parent=$(mktemp -d)
  chmod 711 "$parent" # the server's user has to pass through
  at_exit "postgres_stop '$parent/cluster'; rm -rf '$parent'"
  # `|| return` is needed, because `set -e` is off inside of a function whose outcome the caller tests.
  BALISE_TEST_POSTGRES_URL=$(postgres_start "$parent/cluster") || return 1
  export BALISE_TEST_POSTGRES_URL
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  case ${1:-} in
    start) postgres_start "${2:?a folder}" ;;
    stop) postgres_stop "${2:?a folder}" ;;
    run)
      shift
      temporary_in_memory
      postgres_temporary
      "$@"
      ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" ;;
  esac
fi
