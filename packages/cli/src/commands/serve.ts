// `cashdesk serve`: the payment server, from a configuration file and a database, until it is told to stop.

import { parseArgs } from 'node:util'
import { type Config, type RunningServer, readCertificate, readConfig, startServer } from '@cashdesk/server'
import { jsonLog } from '../log.ts'
import { stopSignal } from '../stop.ts'
import { UsageError } from '../usage.ts'

export const SERVE_USAGE = `cashdesk serve [--config FILE] [--database URL] [--port PORT] [--host ADDRESS] [--no-migrate] [--check]

  --config    the configuration; CASHDESK_CONFIG, or ./cashdesk.json
  --database  where orders are kept; CASHDESK_DATABASE_URL, or sqlite:./data/cashdesk.db
  --port      PORT, or 8910; 0 picks a free one
  --host      where to listen; 127.0.0.1
  --no-migrate  refuses to start on a schema that is behind, instead of migrating it: for several processes beside \`cashdesk migrate\`

  --check       only checks the configuration, keys and certificates included, without asking anybody; exit 0 when it is sound
                只检查配置（含密钥与证书），不联网；无误时退出码为 0

  SIGHUP reads the configuration again: keys are changed without a restart`

export async function serve(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      config: { type: 'string' },
      database: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      'no-migrate': { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  })
  const { env } = process
  const file = values.config ?? env['CASHDESK_CONFIG'] ?? './cashdesk.json'
  const config = readConfig(file)
  if (values.check) {
    console.log(summary(file, config))
    return 0
  }
  const running = await startServer(config, {
    database_url: values.database ?? env['CASHDESK_DATABASE_URL'] ?? 'sqlite:./data/cashdesk.db',
    port: portOf(values.port ?? env['PORT'] ?? '8910'),
    hostname: values.host,
    log: jsonLog,
    migrations: values['no-migrate'] ? 'refuse' : 'apply',
  })
  console.log(`cashdesk server ready ${running.url}`)
  process.on('SIGHUP', () => rereadConfig(file, running))
  await stopSignal()
  await running.close()
  return 0
}

function summary(file: string, { merchants, apps, api_keys }: Config): string {
  const lines = merchants.map(({ id, mchid, serial_no, certificate, public_keys, platform_certificates }) => {
    const until =
      certificate === undefined ? '' : ` until 至 ${new Date(readCertificate(certificate).not_after).toISOString().slice(0, 10)}`
    const trust = [...Object.keys(public_keys), ...(platform_certificates ? ['platform certificates 平台证书'] : [])].join(', ')
    return `  ${id}  ${mchid}  serial 序列号 ${serial_no}${until}  WeChat 微信 ${trust}`
  })
  const counts = `  apps 小程序 ${apps.length}, API keys 密钥 ${api_keys.length}`
  return [`The configuration ${file} is sound · 配置无误`, ...lines, counts].join('\n')
}

/** What cannot work is said, and the old one goes on. */
function rereadConfig(file: string, running: RunningServer): void {
  try {
    running.reconfigure(readConfig(file))
    console.log(`cashdesk server reconfigured ${running.url}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    jsonLog('config.refused', { detail: file })
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError(`not a port: ${text}`)
  return port
}
