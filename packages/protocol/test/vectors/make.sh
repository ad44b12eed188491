#!/bin/sh
# Makes openssl.json: signatures, a certificate and their inputs, by the openssl command line alone, so that our code is checked against other code.
# Run it only to make a new set; the tests read the committed one.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/key.pem"
openssl pkey -in "$work/key.pem" -pubout -out "$work/pub.pem"
openssl req -new -x509 -key "$work/key.pem" -days 36500 -set_serial 0x0A1B2C3D4E5F60718293A4B5C6D7E8F901234567 -subj '/C=CN/O=Cashdesk/CN=openssl vectors' -out "$work/cert.pem"
sign() { printf "$1" | openssl dgst -sha256 -sign "$work/key.pem" | base64 | tr -d '\n'; }
body='{"description":"拿铁 大杯","amount":{"total":1}}'
request=$(sign "POST\n/v3/pay/transactions/jsapi?a=%%20b\n1700000000\nNONCE0123456789ABCDEF0123456789AB\n$body\n")
empty=$(sign 'GET\n/v3/certificates\n1700000000\nNONCE0123456789ABCDEF0123456789AB\n\n')
answer=$(sign "1700000000\nNONCE0123456789ABCDEF0123456789AB\n$body\n")
nothing=$(sign '1700000000\nNONCE0123456789ABCDEF0123456789AB\n\n')
pay=$(sign 'wx0123456789abcdef\n1700000000\nNONCE0123456789ABCDEF0123456789AB\nprepay_id=wx26112221580621e9b071c00d9e093b0000\n')
node - "$work" "$body" "$request" "$empty" "$answer" "$nothing" "$pay" > openssl.json <<'JS'
const [work, body, request, empty, answer, nothing, pay] = process.argv.slice(2)
const { readFileSync } = require('node:fs')
const pem = (name) => readFileSync(`${work}/${name}`, 'utf8')
console.log(JSON.stringify({ made_by: 'openssl, see make.sh; a key for tests only', private_key: pem('key.pem'), public_key: pem('pub.pem'), certificate: pem('cert.pem'),
  serial_no: '0A1B2C3D4E5F60718293A4B5C6D7E8F901234567', timestamp: '1700000000', nonce: 'NONCE0123456789ABCDEF0123456789AB', body,
  signatures: { request, empty, answer, nothing, pay } }, null, 2))
JS
rm -r "$work"
