#!/bin/sh
# Makes .venv if there is none that works, and installs a lock into it if that lock is not installed yet.
#   sh scripts/setup.sh requirements.txt    (the Makefile calls it so, from the root of the checkout)
#   sh scripts/setup.sh --python            only says which Python would be taken
# PYTHON names a Python to take instead of the first usable one.
set -eu

python=.venv/bin/python
marker=.venv/installing # holds the process id of the set-up that is at work, or was when it was killed
log=.venv/install.log
child=

say() { printf 'Hamyar 14: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

# Exit status 1: not a Python for us. Otherwise prints the name of the first module it lacks, or nothing.
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

# A pyenv shim exists and yet does not run, so each is tried, not only looked for.
find_python() {
    complaint=
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
        complaint="PYTHON=$PYTHON is no working Python 3.11, 3.12 or 3.13. Mend: name another, or none"
    else
        set -- python3.12 python3.13 python3.11 python3 python
    fi
    for found in "$@"; do
        lacks=$("$found" -c "$probe" 2>/dev/null </dev/null) || continue
        [ -n "$lacks" ] || return 0
        [ -n "${PYTHON:-}" ] || [ -z "$complaint" ] || continue
        complaint=$(describe_lack "$found" "$lacks")
    done
    fail "${complaint:-no working Python 3.11, 3.12 or 3.13 found. Mend: apt install python3 python3-venv (Debian 12\
 or newer), or name one: make PYTHON=/path/to/python3.12 run}"
}

describe_lack() {
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    printf 'Python %s found, but its %s module is missing. Mend: ' "$version" "$2"
    case $("$1" -c 'import sys; print(sys.base_prefix)'):$2 in
    /usr:venv) printf 'apt install python%s-venv' "$version" ;;
    *) printf 'name another Python: make PYTHON=/path/to/python3.12 run' ;;
    esac
}

# Addresses, proxies, certificates and caches are the machine's affair. Everything else that pip may have been told
# (another target, no dependencies, constraints …) was meant for something else and would spoil .venv.
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

# Runs a command into the log, and shows the log only if the command failed.
quietly() {
    trap 'kill "$child" 2>/dev/null; exit 130' INT TERM HUP
    "$@" >>"$log" 2>&1 </dev/null &
    child=$!
    if ! wait "$child"; then
        cat "$log" >&2
        return 1
    fi
    trap - INT TERM HUP
}

identity='import sys; print(sys.base_prefix, sys.version)'

venv_works() {
    [ ! -e "$marker" ] || return 1
    "$python" -c "$probe" >/dev/null 2>&1 </dev/null || return 1
    # After an upgrade of the system's Python the link points to a version whose libraries are not there.
    "$python" -c 'import pip' 2>/dev/null </dev/null || return 1
    [ -z "${PYTHON:-}" ] || [ "$("$python" -c "$identity")" = "$("$PYTHON" -c "$identity" 2>/dev/null)" ]
}

make_venv() {
    find_python
    say "making .venv with $("$found" -V)"
    rm -rf .venv && mkdir .venv || fail ".venv cannot be made here. Mend: see that this folder belongs to you"
    echo $$ >"$marker"
    quietly "$found" -m venv .venv || fail "making .venv failed, see above"
}

install_lock() {
    say "installing libraries from $lock (the first time this takes a few minutes)"
    echo $$ 2>/dev/null >"$marker" || fail ".venv belongs to another user. Mend: remove it (sudo rm -rf .venv)"
    rm -f .venv/requirements*.txt "$log"
    forget_pip_settings
    quietly "$python" -m pip install --quiet --disable-pip-version-check --no-input --progress-bar off \
        --require-hashes --requirement "$lock" ||
        fail "installing libraries failed, see above. Mend: check the network (and the proxy), then try again"
    # The copies say what is installed. The development lock contains the other one.
    cp requirements.txt .venv/
    cp "$lock" .venv/
    rm -f "$marker"
}

if [ "$1" = --python ]; then
    find_python
    echo "$found"
    exit
fi
lock=$1
if [ -e "$marker" ] && other=$(cat "$marker") && kill -0 "$other" 2>/dev/null; then
    fail "another set-up (process $other) is at work here. Mend: wait for it to end, or stop it"
fi
venv_works || make_venv
cmp -s "$lock" ".venv/$lock" || install_lock
