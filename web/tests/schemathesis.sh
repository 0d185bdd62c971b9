#!/usr/bin/env bash
# Sends generated requests to the built server and checks each response against its description.
#   web/tests/schemathesis.sh [SECONDS]
# HALLPASS_BIN names a server that is built; otherwise it is built first.
# Fails on a 5xx, and on a status, content type, header or body that the description does not have.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=4.32.5
seconds=${1:-75}
checks=not_a_server_error,status_code_conformance,content_type_conformance
checks+=,response_headers_conformance,response_schema_conformance

target=${CARGO_TARGET_DIR:-target}
tools="$target/schemathesis-$version"
if [[ ! -e "$tools/complete" ]]; then
    echo "installing schemathesis $version in $tools"
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
    touch "$tools/complete"
fi

if [[ -z ${HALLPASS_BIN-} ]]; then
    cargo build --quiet --package hallpass --bin hallpass
    HALLPASS_BIN="$target/debug/hallpass"
fi
folder=$(mktemp -d)
server=""
stop() {
    if [[ -n "$server" ]]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap stop EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cp "$HALLPASS_BIN" "$folder/hallpass"
"$folder/hallpass" --listen "127.0.0.1:$port" \
    --data "$folder/data" --mail "file:$folder/mail" >"$folder/log" 2>&1 &
server=$!
url="http://127.0.0.1:$port"
for _ in $(seq 100); do
    if curl --silent --fail --output /dev/null "$url/readyz"; then
        break
    fi
    sleep 0.1
done

# A workspace with one of everything; the configuration names what there is.
python3 web/tests/schemathesis.py "$url" "$folder/mail" "$folder/schemathesis.toml"

status=0
"$tools/bin/schemathesis" --config-file "$folder/schemathesis.toml" run "$url/api/v1/openapi.json" \
    --checks "$checks" --phases examples,coverage,fuzzing --seed 20260315 --no-shrink \
    --max-time "$seconds" --workers 1 --warnings off --continue-on-failure || status=$?
if ! kill -0 "$server" 2>/dev/null; then
    echo "the server has ended:" >&2
    status=1
fi
if ((status != 0)); then
    tail -n 20 "$folder/log" >&2
fi
exit "$status"
