# What the scripts of this repository share: messages, waiting, and installing what is missing. Sourced by bash.
PATH=$PATH:/usr/sbin:/sbin:/usr/local/go/bin
export HOME=${HOME:-/root}

say() { printf '%4d s  %s\n' $SECONDS "$*" >&2; }
die() { say "$*"; exit 1; }
root() { [ "$(id -u)" = 0 ] || die "must run as root: it makes network namespaces, mounts and cgroups (try sudo)"; }

# lock FD FILE: one process at a time; says so when it has to wait
lock() {
  flock -n "$1" || { say "another '$0' is at work ($2 is locked): waiting for it to end"; flock "$1"; }
}

# during WHAT COMMAND...: runs the command, and reports every half minute that it is still running
during() {
  local what=$1 began=$SECONDS next=$((SECONDS + 30)) status=0 ticker
  shift
  say "$what"
  while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    if ((SECONDS >= next)); then
      say "$what: $((SECONDS - began)) s so far"
      next=$((next + 30))
    fi
  done >/dev/null &
  ticker=$!
  ("$@") || status=$?
  kill $ticker 2>/dev/null || true # Ctrl-C ends it too
  return $status
}

# need COMMAND:PACKAGE...: installs the packages of the commands that are missing
need() {
  local each missing=()
  for each; do command -v "${each%%:*}" >/dev/null || missing+=("${each#*:}"); done
  [ ${#missing[@]} = 0 ] || packages "${missing[@]}"
}
packages() {
  local log
  command -v apt-get >/dev/null || die "missing, and there is no apt-get to install it with; as Debian names it: $*"
  [ "$(id -u)" = 0 ] || die "missing, and only root can install it: $*"
  log=$(mktemp -t apt.XXXXXX.log)
  during "installing $*" bash -c 'exec >"$0" 2>&1 </dev/null
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qq -y --no-install-recommends "$@"' \
    "$log" "$@" || { tail -n 20 "$log" >&2; die "apt-get install $*: failed, see $log"; }
  rm "$log"
}
