# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
# What building, testing and the lab need of Debian 12 or Ubuntu 22.04 and later, how it gets there,
# and how a preset is built. Sourced by packaging/quickstart, tests/run and tests/bench/run from the
# top of the repository; does nothing by itself.

# shellcheck disable=SC2034  # read by the scripts that source this file
{
  build_packages=(g++ cmake ninja-build pkg-config libunbound-dev libknot-dev libssl-dev
    libboost-dev libboost-program-options-dev nlohmann-json3-dev dns-root-data)
  lab_packages=(python3 python3-dnspython python3-cryptography bind9 bind9-utils bind9-dnsutils
    nsd knot unbound unbound-host ldnsutils iproute2 util-linux)
  test_packages=(libboost-test-dev clang clang-tidy clang-format shellcheck mandoc ccache gcc
    pdns-server pdns-backend-sqlite3 sqlite3 opendnssec-enforcer-sqlite3 opendnssec-signer softhsm2
    knot-resolver pdns-recursor validns python3-jsonschema graphviz libldns-dev
    valgrind)
  # What tests/fuzz/run needs beside build_packages.
  fuzz_packages=(clang libldns-dev python3 ccache)
  # kzonecheck, which Ubuntu 22.04 has in the package knot.
  # libFuzzer, which it has in clang's own.
  grep -q '^VERSION_CODENAME=jammy' /etc/os-release ||
    { test_packages+=(knot-dnssecutils) && fuzz_packages+=(libclang-rt-dev); }
  # The products that tests/systems runs within tests/run, and what its tests read with.
  system_packages=(icinga2-bin icinga2-common python3-yaml nagios4-core nagios-nrpe-server
    nagios-nrpe-plugin bash-completion prometheus)
  # The products of tests/systems/run. php-cgi: without it Zabbix's front end would bring Apache.
  zabbix_packages=(zabbix-server-pgsql zabbix-frontend-php php-cgi php-cli php-pgsql postgresql)
  # What packaging/build-deb and build-rpm need beside build_packages, and tests/systems/packages.py.
  deb_packages=(dpkg-dev debhelper libboost-test-dev python3)
  rpm_packages=(rpm libboost-test-dev python3 make)
  package_test_packages=(lintian rpmlint autopkgtest mmdebstrap)
}
# The services among them: they are wanted as programs only, and must not begin to serve.
service_packages=(bind9 nsd knot unbound pdns-server opendnssec-enforcer-sqlite3 opendnssec-signer
  knot-resolver pdns-recursor icinga2-common zabbix-server-pgsql postgresql nagios4-core
  nagios-nrpe-server prometheus)
services_forbidden=''

progress() { printf '==> %s\n' "$*"; }
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

has_terminal() { { : </dev/tty; } 2>/dev/null; }

# demand_root WHAT-FOR: puts into $root what makes a command root's: nothing, or sudo, which asks for
# a password only where there is a terminal.
root=()
demand_root() {
  if [ "$(id -u)" -eq 0 ]; then
    root=()
  elif ! command -v sudo >/dev/null; then
    fail "needs root to $1, and there is no sudo: run it as root once"
  elif sudo -n true 2>/dev/null; then
    root=(sudo -n)
  elif has_terminal; then
    sudo -v || fail "needs root to $1, and sudo refuses: run it as root once"
    root=(sudo)
  else
    fail "needs root to $1, and sudo wants a password without a terminal: run it as root once"
  fi
}

# demand_distribution: one line and the end where neither apt nor the compilers would do.
demand_distribution() {
  local ID='' ID_LIKE='' VERSION_ID='' PRETTY_NAME='this system' least=''
  if [ -r /etc/os-release ]; then
    # shellcheck disable=SC1091  # the system's
    . /etc/os-release
  fi
  case " $ID $ID_LIKE " in
    " debian "*) least=12 ;;
    " ubuntu "*) least=22.04 ;;
    *" debian "* | *" ubuntu "*) ;; # a derivative: apt says what it lacks
    *)
      fail "unsupported distribution: $PRETTY_NAME; it knows Debian 12, Ubuntu 22.04 and later." \
        "Elsewhere see Requirements in README.md and build with cmake"
      ;;
  esac
  # Debian's testing and unstable have no version.
  if [ -n "$least" ] && [ -n "$VERSION_ID" ] &&
    [ "$(printf '%s\n%s\n' "$least" "$VERSION_ID" | sort -V | head -n 1)" != "$least" ]; then
    fail "unsupported distribution: $PRETTY_NAME is too old, it takes $ID $least or later"
  fi
  command -v apt-get >/dev/null || fail "unsupported distribution: $PRETTY_NAME has no apt-get"
}

# missing_packages PACKAGE...: prints those that are not installed, one a line.
missing_packages() {
  local package
  for package in "$@"; do
    # shellcheck disable=SC2016  # dpkg-query's variable, not the shell's
    if [ "$(dpkg-query -W -f='${db:Status-Status} ' "$package" 2>/dev/null)" != 'installed ' ]; then
      printf '%s\n' "$package"
    fi
  done
}

# forbid_services: while apt works, policy-rc.d keeps it from starting any service, unless the
# machine has a policy of its own.
forbid_services() {
  [ ! -e /usr/sbin/policy-rc.d ] || return 0
  trap allow_services EXIT
  services_forbidden=yes
  "${root[@]}" sh -c 'printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d &&
    chmod 755 /usr/sbin/policy-rc.d'
}
allow_services() {
  [ -n "$services_forbidden" ] || return 0
  services_forbidden=''
  trap - EXIT
  "${root[@]}" rm -f /usr/sbin/policy-rc.d
}

# disable_services PACKAGE...: what was not started now shall not start at the next boot either.
disable_services() {
  local package unit
  command -v systemctl >/dev/null || return 0
  for package in "$@"; do
    unit=$package
    case $package in
      bind9) unit=named ;;
      opendnssec-enforcer-sqlite3) unit=opendnssec-enforcer ;;
      icinga2-common) unit=icinga2 ;;
      zabbix-server-pgsql) unit=zabbix-server ;;
      nagios4-core) unit=nagios4 ;;
    esac
    case " ${service_packages[*]} " in
      *" $package "*)
        "${root[@]}" systemctl disable "$unit.service" >/dev/null 2>&1 || continue
        progress "$package is there as a program only: its service $unit stays off"
        ;;
    esac
  done
}

# apt_failed LOG: the end, with apt's own last words and ours.
apt_failed() {
  local words="apt-get install did not work: mend apt (its last lines are above), then run this again"
  if grep -qE 'Could not resolve|Temporary failure|Could not connect|Network is unreachable' "$1"; then
    words='no network: apt reaches no mirror, so the packages cannot be installed'
  fi
  tail -n 5 "$1" >&2
  rm -f "$1"
  fail "$words"
}

# need_packages PACKAGE...: installs what is missing; quick and quiet where nothing is.
need_packages() {
  local missing log
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  demand_root "install ${missing[*]}"
  progress "Installing ${#missing[@]} packages: ${missing[*]}"
  log=$(mktemp)
  # Mirrors that cannot be reached need not matter: the lists may be here already.
  "${root[@]}" apt-get update >"$log" 2>&1 </dev/null || true
  forbid_services
  if ! "${root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get install -y \
    --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" >>"$log" 2>&1 </dev/null; then
    apt_failed "$log"
  fi
  disable_services "${missing[@]}"
  allow_services
  rm -f "$log"
}

# use_ccache: with it the second build of the same sources is a matter of seconds, in another checkout
# too. Puts into $launcher what cmake has to be told.
launcher=()
use_ccache() {
  command -v ccache >/dev/null || return 0
  launcher=(-D CMAKE_CXX_COMPILER_LAUNCHER=ccache)
  export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=yes
  [ -w "${HOME:-/nonexistent}" ] || export CCACHE_DIR=${CCACHE_DIR:-$PWD/.build/ccache}
}

# configure_preset PRESET [CMAKE-ARGUMENT...]: makes .build/PRESET ready to be built.
configure_preset() {
  local preset=$1 tree=.build/$1 log=.build/$1.log
  shift
  mkdir -p .build 2>/dev/null || true
  [ -w .build ] || fail "cannot write $PWD/.build: is the checkout somebody else's?"
  if [ -e "$tree/CMakeCache.txt" ] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$tree/CMakeCache.txt"; then
    rm -rf "$tree" # the checkout was moved
  fi
  if ! cmake --preset "$preset" "$@" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "cmake could not configure $tree: see the lines above and $log"
  fi
}

# build_preset PRESET [CMAKE-ARGUMENT...]: configures and builds .build/PRESET.
build_preset() {
  configure_preset "$@"
  cmake --build --preset "$1" || fail ".build/$1 did not build: see the lines above"
}

# pack_tree TARBALL FOLDER EPOCH: this tree as it is, without what is built or ignored, as FOLDER in a
# tarball that depends on nothing but its contents.
pack_tree() {
  local files
  files=$(mktemp)
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
      [ ! -e "$file" ] || printf '%s\0' "$file"
    done >"$files"
  else
    find . \( -path ./.build -o -path ./.git -o -name __pycache__ \) -prune -o -type f -printf '%P\0' >"$files"
  fi
  [ -s "$files" ] || fail "found no files to pack in $PWD"
  LC_ALL=C sort -z -o "$files" "$files"
  tar --null --files-from="$files" --auto-compress --create --file="$1" --transform="s,^,$2/,S" \
    --mtime="@$3" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --format=gnu
  rm -f "$files"
}
