#!/usr/bin/env bash
# Measures the pages of the server as it is released; see console/tests/figures.mjs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

playwright=1.65.1
axe=4.13.0
lighthouse=12.8.2

target=${CARGO_TARGET_DIR:-target}
tools="$target/figures-$playwright-$axe-$lighthouse"
if [[ ! -e "$tools/complete" ]]; then
    echo "installing playwright-core $playwright, axe $axe and lighthouse $lighthouse in $tools"
    rm -rf "$tools"
    mkdir -p "$tools"
    npm install --silent --no-audit --no-fund --prefix "$tools" \
        "playwright-core@$playwright" "axe-core@$axe" "lighthouse@$lighthouse"
    touch "$tools/complete"
fi
cargo build --quiet --profile dist --package hallpass --bin hallpass --package hallpass-bench --bin hallpass-bench
HALLPASS_BIN=$(realpath "$target/dist/hallpass")
HALLPASS_BENCH=$(realpath "$target/dist/hallpass-bench")
HALLPASS_NODE_MODULES=$(realpath "$tools/node_modules")
HALLPASS_CHROMIUM=$(command -v chromium)
export HALLPASS_BIN HALLPASS_BENCH HALLPASS_NODE_MODULES HALLPASS_CHROMIUM
exec node console/tests/figures.mjs
