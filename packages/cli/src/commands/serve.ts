// `cashdesk serve`: runs the payment server with a configuration file and a database, until a signal stops it.

import { type Config, type RunningServer, readCertificate, readConfig, startServer } from '@cashdesk/server'
import { migrateStore } from '@cashdesk/store'
import { type Command, command, type Talk } from '../command/declaration.ts'
import { errorText } from '../command/error-text.ts'
import type { Say } from '../command/language.ts'
import { jsonLog } from '../log.ts'
import { CONFIG, DATABASE, port } from '../options.ts'
import { stopSignal } from '../stop.ts'

export const serve: Command = command({
  name: 'serve',
  text: { en: 'run the payment server', zh: '运行支付服务' },
  more: {
    en: 'Log lines are JSON on standard error. SIGHUP reads the configuration again, so that keys are changed without a restart. SIGTERM and Ctrl-C stop it when what is under way has ended.',
    zh: '日志以 JSON 行写到标准错误。SIGHUP 重新读取配置，无需重启即可更换密钥；SIGTERM 与 Ctrl-C 会在处理完手头的请求后停止。',
  },
  options: {
    config: CONFIG,
    database: DATABASE,
    port: {
      value: 'PORT',
      env: 'PORT',
      default: '8910',
      read: port,
      text: { en: 'where to listen; 0 picks a free port', zh: '监听端口；0 表示自动选择' },
    },
    host: { value: 'ADDRESS', text: { en: 'the address to listen on; absent: 127.0.0.1', zh: '监听地址；未指定时为 127.0.0.1' } },
    'no-migrate': {
      text: {
        en: 'refuse to start on a schema that is behind, instead of migrating it; for several processes, with `cashdesk migrate` before them',
        zh: '数据库结构落后时拒绝启动，而不是自动迁移；用于多进程部署，启动前先运行 `cashdesk migrate`',
      },
    },
    check: {
      text: {
        en: 'only check the configuration, keys and certificates included; asks nobody, makes nothing',
        zh: '只检查配置（含密钥与证书），不联网，不创建文件',
      },
    },
  },
  examples: [
    { line: 'cashdesk serve --check', text: { en: 'is ./cashdesk.json sound?', zh: '检查 ./cashdesk.json' } },
    {
      line: 'cashdesk serve --config /etc/cashdesk.json --database postgres://cashdesk@db.example.com/cashdesk --no-migrate',
      text: { en: 'one of several processes', zh: '多进程之一' },
    },
  ],
  exit: {
    1: {
      en: 'the configuration, the database or the port cannot be used; each fault is named, nothing was made',
      zh: '配置、数据库或端口不可用；逐条列出问题，未创建任何文件',
    },
  },

  async run({ config: file, database, port, host, check, 'no-migrate': refuse }, _, talk) {
    const config = readConfig(file)
    if (check) {
      console.log(summary(file, config, talk.say))
      return 0
    }
    const line = refuse ? undefined : await migrating(database, talk)
    const running = await startServer(config, {
      database_url: database,
      port,
      hostname: host,
      log: jsonLog,
      migrations: refuse ? 'refuse' : 'apply',
    }).finally(() => line?.end())
    console.log(`cashdesk server ready ${running.url}`)
    process.on('SIGHUP', () => rereadConfig(file, running, talk.say))
    await stopSignal()
    await running.close()
    return 0
  },
})

/** On a terminal, says that the start will take a while if migrations are pending. Without a terminal the database is not queried for this. */
async function migrating(database: string, { say, progress }: Talk): Promise<ReturnType<Talk['progress']> | undefined> {
  if (!process.stderr.isTTY) return undefined
  // If the database cannot be read, the server reports the error.
  const pending = await migrateStore(database, 'list').catch(() => [])
  if (pending.length === 0) return undefined
  const line = progress({ en: 'migrating the database', zh: '正在迁移数据库' })
  line.at(say({ en: `${pending.length} migrations`, zh: `共 ${pending.length} 个迁移` }, ' '))
  return line
}

function summary(file: string, { merchants, apps, api_keys }: Config, say: Say): string {
  const serial = say({ en: 'serial', zh: '序列号' }, ' ')
  const wechat = say({ en: 'WeChat', zh: '微信' }, ' ')
  const lines = merchants.map(({ id, mchid, serial_no, certificate, public_keys, platform_certificates }) => {
    const until =
      certificate === undefined ? '' : ` ${say({ en: 'until', zh: '至' }, ' ')} ${dayOf(readCertificate(certificate).not_after)}`
    const certificates = platform_certificates ? [say({ en: 'platform certificates', zh: '平台证书' }, ' ')] : []
    return `  ${id}  ${mchid}  ${serial} ${serial_no}${until}  ${wechat} ${[...Object.keys(public_keys), ...certificates].join(', ')}`
  })
  const counts = `  ${say({ en: 'apps', zh: '小程序' }, ' ')} ${apps.length}, ${say({ en: 'API keys', zh: '密钥' }, ' ')} ${api_keys.length}`
  return [say({ en: `The configuration ${file} is sound`, zh: soundZh(file, say) }), ...lines, counts].join('\n')
}

/** The file is not named if both languages are printed, because the English sentence names it. */
function soundZh(file: string, { language }: Say): string {
  return language === 'both' ? '配置无误' : `配置 ${file} 无误`
}

function dayOf(time: string | number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** Reloads the configuration. If it is not usable, the error is reported and the server keeps the old one. */
function rereadConfig(file: string, running: RunningServer, say: Say): void {
  try {
    running.reconfigure(readConfig(file))
    console.log(`cashdesk server reconfigured ${running.url}`)
  } catch (error) {
    console.error(errorText(error, say))
    jsonLog('config.refused', { detail: file })
  }
}
