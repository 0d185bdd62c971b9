#!/usr/bin/env bash
# Makes the font files of web/assets/inter from the npm package that has them, smaller: the weights that the
# style sheets name, without hints, and the characters of nearly every page in a file of their own, which
# pages load first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

inter=5.3.0
fonttools=4.68.0
brotli=1.2.1

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tools" "@fontsource-variable/inter@$inter"
python3 -m venv "$tools/python"
"$tools/python/bin/pip" install --quiet "fonttools==$fonttools" "brotli==$brotli"
files="$tools/node_modules/@fontsource-variable/inter/files"

# ASCII, Latin-1 and the signs of the texts; what else the package's Latin file has; and what the alphabets of
# Europe have beside it. These are the ranges of web/assets/hallpass.css.
basic="U+0020-007E,U+00A0-00FF,U+2013,U+2014,U+2018-201A,U+201C-201E,U+2022,U+2026,U+2039,U+203A,U+20AC"
basic="$basic,U+2191,U+2193,U+2212"
latin="U+0131,U+0152,U+0153,U+02BB,U+02BC,U+02C6,U+02DA,U+02DC,U+0300-0323,U+2002,U+2009,U+200B,U+2032"
latin="$latin,U+2033,U+2044,U+2122,U+FEFF"
latin_a="U+0100-0130,U+0132-0151,U+0154-017F,U+0218-021B"
latin_ext="U+0180-0217,U+021C-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,U+1E00-1E9F"
latin_ext="$latin_ext,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF"

# smaller FILE OF-THE-PACKAGE CHARACTERS
smaller() {
    "$tools/python/bin/fonttools" varLib.instancer --quiet "$files/inter-$2-wght-normal.woff2" wght=400:700 \
        --output "$tools/$1.font"
    "$tools/python/bin/pyftsubset" "$tools/$1.font" --unicodes="$3" --flavor=woff2 --no-hinting \
        --layout-features=kern,tnum,ccmp,mark,mkmk,locl --output-file="assets/inter/$1.woff2"
}
smaller basic latin "$basic"
smaller latin latin "$latin"
smaller latin-a latin-ext "$latin_a"
smaller latin-ext latin-ext "$latin_ext"
cp "$tools/node_modules/@fontsource-variable/inter/LICENSE" assets/inter/LICENSE
