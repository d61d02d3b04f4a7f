# Sourced by the other scripts: the Debian packages the project needs, and how to install what is
# missing. Every name has its reason in docs/architecture.md, "Libraries".

build_packages=(
    g++ cmake ninja-build pkg-config git
    libpoco-dev libcli11-dev libboost-dev libcairo2-dev libpango1.0-dev libpng-dev libisal-dev
    libyaml-cpp-dev nlohmann-json3-dev libsqlite3-dev libcurl4-openssl-dev libfmt-dev
    libhowardhinnant-date-dev tzdata zlib1g-dev libexpat1-dev libssh-dev libre2-dev
    libsnmp-dev libtomlplusplus-dev libmariadb-dev libc-ares-dev libssl-dev libcrypt-dev
    libsystemd-dev
)
run_packages=(fonts-dejavu-core fonts-ipafont-gothic)
sanitizer_packages=(clang-19 libclang-rt-19-dev llvm-19)
test_packages=(libgtest-dev libgmock-dev librrd-dev rrdtool rrdcached chromium chromium-driver
    python3 busybox tcsh fish openssh-client openssh-server prometheus-node-exporter snmp snmpd
    apache2-bin dnsmasq-base memcached mariadb-client mariadb-server-core munin-async munin-node perl
    nginx openssl redis-server redis-tools squid)

# install_missing PACKAGE...: installs those that dpkg does not know as installed. Needs root or sudo
# only when something is missing.
install_missing() {
    local package missing=()
    for package in "$@"; do
        if [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null)" != "ii " ]; then
            missing+=("$package")
        fi
    done
    if [ ${#missing[@]} -eq 0 ]; then
        return 0
    fi
    echo "Installing: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "ERROR: these packages are missing and neither root nor sudo is at hand" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    local log
    log=$(mktemp)
    if ! { "${as_root[@]}" apt-get update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "ERROR: apt-get could not install: ${missing[*]}" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}
