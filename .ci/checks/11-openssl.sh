#!/usr/bin/env bash
# Real TLS servers with real flaws: `openssl s_server` with certificates and versions that go wrong.
# The first finding must name the flaw, whoever's TLS library serves it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=.ci/checks/tally.bash
. .ci/checks/tally.bash
need openssl python3

host=generativelanguage.googleapis.com
doctor=$(doctor_to_check)

# A CA for `openssl ca`, which alone can make certificates for any time.
certificate_authority() {
    mkdir -p certs
    : >index.txt
    cat >ca.conf <<C
[ca]
default_ca = test
[test]
database = index.txt
new_certs_dir = certs
rand_serial = yes
default_md = sha256
policy = anything
unique_subject = no
copy_extensions = none
[anything]
commonName = supplied
organizationName = optional
C
    new_key ca
    self_signed ca "/O=Test/CN=TLS Test Root" critical,CA:TRUE
}

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

# NAME SUBJECT BASIC-CONSTRAINTS
self_signed() {
    openssl req -x509 -new -key "$1.key" -days 30 -subj "$2" -out "$1.pem" \
        -addext "basicConstraints=$3" -addext "subjectAltName=DNS:$host"
}

# NAME ISSUER SUBJECT EXTENSIONS FIRST-DAY LAST-DAY; days count from today.
issued() {
    new_key "$1"
    openssl req -new -key "$1.key" -subj "$3" -out "$1.csr"
    printf '%b\n' "$4" >"$1.ext"
    openssl ca -batch -notext -config ca.conf -keyfile "$2.key" -cert "$2.pem" -in "$1.csr" \
        -out "$1.pem" -extfile "$1.ext" -startdate "$(day "$5")" -enddate "$(day "$6")"
}

day() { python3 -c '
import datetime, sys
moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=int(sys.argv[1]))
print(moment.strftime("%y%m%d%H%M%SZ"))' "$1"; }

certificates() {
    local leaf="basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:"
    certificate_authority
    issued good ca "/CN=$host" "$leaf$host" -1 30
    issued expired ca "/CN=$host" "$leaf$host" -30 -1
    issued early ca "/CN=$host" "$leaf$host" 1 30
    issued other-name ca "/CN=other.example" "${leaf}other.example" -1 30
    issued middle ca "/O=Test/CN=TLS Test Intermediate" "basicConstraints=critical,CA:TRUE" -1 30
    issued under-middle middle "/CN=$host" "$leaf$host" -1 30
    new_key own
    self_signed own "/CN=$host" CA:FALSE
    new_key stranger
    self_signed stranger "/O=Example Corp/CN=Example Corp TLS Inspection" critical,CA:TRUE
    issued inspected stranger "/CN=$host" "$leaf$host" -1 30
    cat stranger.pem >>inspected.pem
}

# TITLE, EXPECTED `FINDING EXIT`, EXPECTED WORDS in the TLS row or `-`, options of s_server.
server() {
    local title=$1 expected=$2 words=$3 port seen
    shift 3
    port=$(free_ports 1)
    openssl s_server -accept "127.0.0.1:$port" -quiet -www "$@" 2>"$scratch/server.log" &
    children+=($!)
    if ! wait_for_port "$port"; then
        skip "$title: this openssl does not serve that ($(head -n 1 "$scratch/server.log"))"
        return
    fi
    bare GEMINI_API_KEY=AQ.FAKE-example-key-for-a-tls-check-000001 \
        "$doctor" check-key --format json --ca-file "$scratch/ca.pem" --timeout 5 \
        --resolve "$host:443:127.0.0.1:$port" >"$scratch/report.json" || true
    kill "${children[-1]}"
    seen=$(gist <"$scratch/report.json" | cut -f 1)
    if [ "$seen" != "$expected" ]; then
        fail "$title: $seen, expected $expected"
    elif [ "$words" != - ] && ! tls_row | grep -qF "$words"; then
        fail "$title: the TLS row does not say $words: $(tls_row)"
    else
        pass "$title: $seen"
    fi
}

tls_row() { python3 -c '
import json, sys
for check in json.load(open(sys.argv[1]))["checks"]:
    if check["id"] == "net.tls":
        print(check["status"], check["detail"])' "$scratch/report.json"; }

echo "making certificates"
(cd "$scratch" && certificates >openssl.log 2>&1) || { cat "$scratch/openssl.log"; exit 1; }
cert() { options=(-cert "$scratch/$1.pem" -key "$scratch/$1.key"); }

# What `s_server -www` answers is no JSON: the verdict of a later stage says that TLS was good.
good="answer-not-json 3"
cert good
server "a good certificate, no ALPN" "$good" "TLS 1.3" "${options[@]}"
server "TLS 1.3 only" "$good" "TLS 1.3" "${options[@]}" -tls1_3
server "TLS 1.2 only" "$good" "TLS 1.2" "${options[@]}" -tls1_2
server "ALPN with HTTP/1.1 only" "$good" "http/1.1" "${options[@]}" -alpn http/1.1
server "TLS 1.1 only" "tls-too-old 4" - "${options[@]}" -tls1_1 -cipher DEFAULT@SECLEVEL=0
server "TLS 1.2 with ciphers nobody should use" "tls-handshake-refused 4" - \
    "${options[@]}" -tls1_2 -cipher AES128-SHA@SECLEVEL=0
cert expired
server "an expired certificate" "tls-certificate-expired 4" - "${options[@]}"
cert early
server "a certificate of tomorrow" "tls-certificate-not-yet-valid 4" - "${options[@]}"
cert other-name
server "a certificate for another name" "tls-hostname-mismatch 4" - "${options[@]}"
cert own
server "a self-signed certificate" "tls-self-signed-leaf 4" - "${options[@]}"
cert inspected
server "a chain with its own root, which nobody trusts" "tls-self-signed-interception 4" - \
    "${options[@]}" -cert_chain "$scratch/inspected.pem"
cert under-middle
server "a chain without its intermediate" "tls-missing-intermediate 4" - "${options[@]}"
server "the same chain, complete" "$good" "TLS 1.3" "${options[@]}" -cert_chain "$scratch/middle.pem"
cert good
server "a server that demands a certificate of its client" "tls-client-certificate 4" - \
    "${options[@]}" -Verify 1 -verify_return_error
end_of_check
