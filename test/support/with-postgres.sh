#!/usr/bin/env bash
# Runs a command with TEST_DATABASE_URL set to a PostgreSQL server of its own: a new cluster in a
# temporary folder, on a free port, stopped and removed afterwards. Needs PostgreSQL ≥ 15 with pgvector.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(pg_config --bindir)
folder=$(mktemp -d)
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then # the server refuses to be run by root
  chown postgres "$folder"
  as() { runuser -u postgres -- "$@"; }
fi
cd "$folder"
as "$bin/initdb" --pgdata="$folder/data" --auth=trust --username=omoi --encoding=UTF8 --locale=C.UTF-8 >/dev/null
# Last, so that nobody else takes it meanwhile.
port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
as "$bin/pg_ctl" --pgdata="$folder/data" --log="$folder/log" --wait \
  --options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=200" start >/dev/null
trap 'cd /; as "$bin/pg_ctl" --pgdata="$folder/data" --mode=immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT
cd "$OLDPWD"
export TEST_DATABASE_URL="postgresql://omoi@127.0.0.1:$port/postgres" TEST_DATABASE_DATA="$folder/data" TEST_DATABASE_BIN="$bin"
"$@"
