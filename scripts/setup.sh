#!/bin/sh
# Makes .venv if there is none that works, and installs a lock into it if that lock is not installed yet.
#   sh scripts/setup.sh requirements.txt    the Makefile calls it so, from the root of the checkout
#   sh scripts/setup.sh --python            only says which Python would be taken
# PYTHON names a Python to take instead of the first usable one.
set -eu

python=.venv/bin/python
unfinished=.venv/unfinished # is there while a set-up is at work, and after one that was killed
log=.venv/install.log

say() { printf 'Hamyar 14: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

# Exit status 1: not a Python for us. Otherwise prints the first module it lacks, or nothing.
probe='
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(1)
for name in ("venv", "ensurepip", "ssl", "sqlite3"):
    try:
        __import__(name)
    except ImportError:
        print("venv" if name == "ensurepip" else name)
        break
'

# A pyenv shim is there and yet does not run, so each candidate is tried, not only looked for.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
        complaint="PYTHON=$PYTHON is no working Python 3.11, 3.12 or 3.13. Mend: name another, or none"
    else
        set -- python3.12 python3.13 python3.11 python3 python
        complaint="no working Python 3.11, 3.12 or 3.13 found. Mend: apt install python3 python3-venv"
        complaint="$complaint (Debian 12 or newer), or name one: make PYTHON=/path/to/python3.12 run"
    fi
    first_lack=
    for found in "$@"; do
        lack=$("$found" -c "$probe" 2>/dev/null </dev/null) || continue
        [ -n "$lack" ] || return 0
        [ -n "$first_lack" ] || first_lack=$(describe_lack "$found" "$lack")
    done
    fail "${first_lack:-$complaint}"
}

describe_lack() {
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    case $("$1" -c 'import sys; print(sys.base_prefix)'):$2 in
    /usr:venv) mend="apt install python$version-venv" ;;
    *) mend='name another Python: make PYTHON=/path/to/python3.12 run' ;;
    esac
    echo "Python $version found, but its $2 module is missing. Mend: $mend"
}

identity='import sys; print(sys.base_prefix, sys.version)'

venv_works() {
    [ ! -e "$unfinished" ] || return 1
    "$python" -c "$probe" >/dev/null 2>&1 </dev/null || return 1
    # After an upgrade of the system's Python the link leads to a version whose libraries are not there.
    "$python" -c 'import pip' 2>/dev/null </dev/null || return 1
    [ -z "${PYTHON:-}" ] || [ "$("$python" -c "$identity")" = "$("$PYTHON" -c "$identity" 2>/dev/null)" ]
}

# The copies in .venv say what is installed there.
ready() { venv_works && cmp -s "$lock" ".venv/$lock"; }

# Two set-ups at once would spoil each other's work. The lock is on this very file, through descriptor 9, which the
# shell holds until it ends: a killed set-up leaves no lock behind.
wait_for_turn() {
    turn='import fcntl, sys; fcntl.flock(9, fcntl.LOCK_EX | int(sys.argv[1]))'
    exec 9<scripts/setup.sh
    if ! "$1" -c "$turn" 4 9<&9 2>/dev/null; then # 4: LOCK_NB
        say 'waiting for another set-up to end'
        "$1" -c "$turn" 0 9<&9
    fi
}

# Runs a command into the log, and shows the log only if the command failed.
quietly() {
    "$@" >"$log" 2>&1 </dev/null &
    child=$!
    trap 'kill "$child" 2>/dev/null; exit 130' INT TERM HUP
    wait "$child" || {
        cat "$log" >&2
        return 1
    }
    trap - INT TERM HUP
}

make_venv() {
    say "making .venv with $("$found" -V)"
    # bin first: what a kill leaves behind must not look whole.
    { rm -rf .venv/bin .venv && mkdir .venv && : >"$unfinished"; } 2>/dev/null ||
        fail 'cannot write .venv. Mend: see that this folder and what is in it belong to you'
    quietly "$found" -m venv .venv || fail 'making .venv failed, see above'
}

# Addresses, proxies, certificates and caches are the machine's affair. Whatever else pip may have been told (another
# target, constraints, no dependencies …) was meant for something else and would spoil .venv.
forget_pip_settings() {
    for name in $(env | sed -n 's/^\(PIP_[A-Z_]*\)=.*/\1/p'); do
        case $name in
        PIP_*INDEX* | PIP_FIND_LINKS | PIP_*CERT | PIP_TRUSTED_HOST | PIP_PROXY) ;;
        PIP_*TIMEOUT | PIP_RETRIES | PIP_*CACHE_DIR | PIP_CONFIG_FILE | PIP_KEYRING_PROVIDER) ;;
        *) unset "$name" ;;
        esac
    done
    export PIP_USER=0
}

install_lock() {
    say "installing libraries from $lock (the first time this takes a few minutes)"
    { : >"$unfinished" && rm -f .venv/requirements*.txt; } 2>/dev/null ||
        fail '.venv belongs to another user. Mend: remove it (sudo rm -rf .venv), then try again'
    forget_pip_settings
    quietly "$python" -m pip install --quiet --disable-pip-version-check --no-input --progress-bar off \
        --require-hashes --requirement "$lock" ||
        fail 'installing libraries failed, see above. Mend: check the network (and the proxy), then try again'
    cp requirements.txt .venv/ # the development lock contains the other one
    [ "$lock" = requirements.txt ] || cp "$lock" .venv/
    rm "$unfinished"
}

if [ "$1" = --python ]; then
    find_python
    echo "$found"
    exit
fi
lock=$1
if ready; then exit; fi
if venv_works; then found=$python; else find_python; fi
wait_for_turn "$found"
venv_works || make_venv
ready || install_lock
