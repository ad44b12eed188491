#!/bin/sh
# Makes tls.json by the openssl command line: a server certificate for loopback, its authority, and a client certificate. For tests only; run it only to make a new set.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
key() { openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/$1.key" 2>/dev/null; }
for name in ca server client; do key "$name"; done
openssl req -new -x509 -key "$work/ca.key" -days 36500 -subj '/CN=Cashdesk test authority' -out "$work/ca.pem"
issue() {
  openssl req -new -key "$work/$1.key" -subj "/CN=$1" -out "$work/$1.csr"
  printf "$2" > "$work/$1.ext"
  openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 36500 -extfile "$work/$1.ext" -out "$work/$1.pem" 2>/dev/null
}
issue server 'subjectAltName=DNS:localhost,IP:127.0.0.1\n'
issue client 'extendedKeyUsage=clientAuth\n'
node - "$work" > tls.json <<'JS'
const { readFileSync } = require('node:fs')
const pem = (name) => readFileSync(`${process.argv[2]}/${name}`, 'utf8')
console.log(JSON.stringify({ made_by: 'openssl, see make.sh; keys for tests only', ca: pem('ca.pem'), server_cert: pem('server.pem'), server_key: pem('server.key'),
  client_cert: pem('client.pem'), client_key: pem('client.key') }, null, 2))
JS
rm -r "$work"
