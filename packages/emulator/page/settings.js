// Ready-made settings of popular clients: their own configuration, with this WeChat's address and numbers. Keys are in the folder given by --dir.

/** @typedef {import('@cashdesk/emulator').EmulatorSettings} Settings */

/** Whether the merchant has platform certificates only. One that has both kinds verifies with the public key here. @param {Settings} s */
const certificateOnly = (s) => s.keys === 'certificate'

/** The serial and the file of the key that verifies answers. @param {Settings} s */
const key = (s) =>
  certificateOnly(s) ? { serial: s.platform_serial, file: 'platform_cert.pem' } : { serial: s.public_key_id, file: 'pub_key.pem' }

/** @param {Settings} s */
const common = (s) => `mchid ${s.mchid}   serial ${s.merchant_serial}\nappid ${s.appid}   ${s.keys} ${key(s).serial}`

/** @type {Readonly<Record<string, (s: Settings) => string>>} */
export const CLIENTS = {
  'Node · @cashdesk/sdk': (s) => `createWechatPay({
  baseURL: '${s.base_url}',
  mchid: '${s.mchid}',
  signer: { serial_no: '${s.merchant_serial}', privateKey: readFileSync('apiclient_key.pem', 'utf8') },
  apiV3Key: '${s.api_v3_key}',
  ${certificateOnly(s) ? "platformCertificates: 'download'" : `publicKeys: { '${s.public_key_id}': readFileSync('pub_key.pem', 'utf8') }`},
})`,
  'Node · wechatpay-axios-plugin': (s) => `new Wechatpay({
  baseURL: '${s.base_url}/',
  mchid: '${s.mchid}',
  serial: '${s.merchant_serial}',
  privateKey: readFileSync('apiclient_key.pem'),
  certs: { '${key(s).serial}': readFileSync('${key(s).file}') },
  headers: { 'Wechatpay-Serial': '${key(s).serial}' },
})`,
  'Java · wechatpay-java': (s) => `// The host is fixed in the library: give its HttpClient an interceptor that rewrites the address.
${
  certificateOnly(s)
    ? `Config config = new RSAConfig.Builder()
  .merchantId("${s.mchid}").merchantSerialNumber("${s.merchant_serial}")
  .privateKeyFromPath("apiclient_key.pem").wechatPayCertificatesFromPath("platform_cert.pem").build();`
    : `Config config = new RSAPublicKeyConfig.Builder()
  .merchantId("${s.mchid}").merchantSerialNumber("${s.merchant_serial}")
  .privateKeyFromPath("apiclient_key.pem").publicKeyFromPath("pub_key.pem").publicKeyId("${s.public_key_id}")
  .apiV3Key("${s.api_v3_key}").build();`
}
OkHttpClient okHttp = new OkHttpClient.Builder().addInterceptor(chain -> chain.proceed(chain.request().newBuilder()
  .url(chain.request().url().newBuilder().scheme("http").host("127.0.0.1").port(${new URL(s.base_url).port}).build()).build())).build();
HttpClient http = new DefaultHttpClientBuilder().config(config).okHttpClient(okHttp).build();
JsapiServiceExtension jsapi = new JsapiServiceExtension.Builder().config(config).httpClient(http).build();`,
  'Go · wechatpay-go': (s) => `// The host is fixed in the library: give it an http.Client whose transport rewrites the address.
type local struct{}
func (local) RoundTrip(r *http.Request) (*http.Response, error) {
  r.URL.Scheme, r.URL.Host = "http", "${new URL(s.base_url).host}"
  return http.DefaultTransport.RoundTrip(r)
}
client, err := core.NewClient(ctx,
  ${
    certificateOnly(s)
      ? `option.WithWechatPayAuthCipher("${s.mchid}", "${s.merchant_serial}", privateKey, []*x509.Certificate{platformCert})`
      : `option.WithWechatPayPublicKeyAuthCipher("${s.mchid}", "${s.merchant_serial}", privateKey, "${s.public_key_id}", publicKey)`
  },
  option.WithHTTPClient(&http.Client{Transport: local{}}))`,
  'PHP · wechatpay-php': (s) => `$instance = Builder::factory([
  'base_uri'   => '${s.base_url}/',
  'mchid'      => '${s.mchid}',
  'serial'     => '${s.merchant_serial}',
  'privateKey' => Rsa::from('file://apiclient_key.pem'),
  'certs'      => ['${key(s).serial}' => Rsa::from('file://${key(s).file}', Rsa::KEY_TYPE_PUBLIC)],
  'headers'    => ['Wechatpay-Serial' => '${key(s).serial}'],
]);`,
  'Python · wechatpayv3': (s) => `# The host is fixed in the library: set it on the instance's core.
wxpay = WeChatPay(wechatpay_type=WeChatPayType.MINIPROG, mchid='${s.mchid}', appid='${s.appid}',
  cert_serial_no='${s.merchant_serial}', private_key=open('apiclient_key.pem').read(), apiv3_key='${s.api_v3_key}',
  ${certificateOnly(s) ? "cert_dir='.'" : `public_key=open('pub_key.pem').read(), public_key_id='${s.public_key_id}'`}, notify_url='http://127.0.0.1:3000/notify')
wxpay._core._gate_way = '${s.base_url}'`,
  'any · 其他': (s) =>
    `base URL  ${s.base_url}\n${common(s)}\nAPIv3 key ${s.api_v3_key}\nemulator.json and PEM files: start with --dir DIR`,
}
