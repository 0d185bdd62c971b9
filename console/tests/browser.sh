#!/usr/bin/env bash
# Opens the pages of the built server in Chromium.
#   console/tests/browser.sh [FILE…]             all tests, or those of some files
#   console/tests/browser.sh pictures [NAME…]    takes the pictures of docs/screens, or some of them
# HALLPASS_BIN names a server that is built; otherwise it is built first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

playwright=1.65.1
axe=4.13.0
# Identity providers, for single sign-on.
oidc_provider=9.13.3
samlify=2.13.1

install() {
    echo "installing $*"
    if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
        echo "browser: install $* and run this again" >&2
        exit 1
    fi
    (apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@") >/dev/null
}
command -v chromium-headless-shell >/dev/null || install chromium-headless-shell
command -v npm >/dev/null || install nodejs npm
command -v openssl >/dev/null || install openssl

target=${CARGO_TARGET_DIR:-target}
tools="$target/browser-$playwright-$axe-$oidc_provider-$samlify"
if [[ ! -e "$tools/complete" ]]; then
    echo "installing playwright-core $playwright, axe $axe, oidc-provider $oidc_provider and samlify $samlify in $tools"
    rm -rf "$tools"
    mkdir -p "$tools"
    npm install --silent --no-audit --no-fund --prefix "$tools" \
        "playwright-core@$playwright" "axe-core@$axe" \
        "oidc-provider@$oidc_provider" "samlify@$samlify"
    touch "$tools/complete"
fi

if [[ -z ${HALLPASS_BIN-} ]]; then
    cargo build --quiet --package hallpass --bin hallpass
    HALLPASS_BIN=$(realpath "$target/debug/hallpass")
fi
HALLPASS_NODE_MODULES=$(realpath "$tools/node_modules")
HALLPASS_CHROMIUM=$(command -v chromium-headless-shell)
export HALLPASS_BIN HALLPASS_NODE_MODULES HALLPASS_CHROMIUM
if [[ ${1-} == pictures ]]; then
    command -v pngquant >/dev/null || install pngquant
    exec node console/tests/screens.mjs "${@:2}"
fi
files=("$@")
if ((${#files[@]} == 0)); then
    # Those that open every page are the longest, and begin first.
    cd console/tests/browser
    mapfile -t files < <(grep -l "of PAGES" -- *.test.mjs; grep -L "of PAGES" -- *.test.mjs)
    cd - >/dev/null
    files=("${files[@]/#/console/tests/browser/}")
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/demo"
node console/tests/browser/demo.mjs "$scratch/demo"
export HALLPASS_DEMO="$scratch/demo"
# Two files at a time; one that fails is run again alone: a page that waits for a busy machine is no fault of the page.
failed=()
run=(node --test --test-reporter=spec)
log="$scratch/log"
if "${run[@]}" --test-concurrency=2 "${files[@]}" 2>&1 | tee "$log"; then
    exit 0
fi
for file in "${files[@]}"; do
    if grep -qF "$(basename "$file"):" "$log"; then
        failed+=("$file")
    fi
done
if ((${#failed[@]} == 0)); then
    exit 1
fi
echo "browser: again, alone: ${failed[*]}"
"${run[@]}" --test-concurrency=1 "${failed[@]}"
