// `cashdesk export`: writes a whole database as lines of text, which `cashdesk import` reads into either engine.

import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { openStore } from '@cashdesk/store'
import { type Command, command } from '../command/declaration.ts'
import { megabytes } from '../command/progress.ts'
import { countsText } from '../counts.ts'
import { DATABASE } from '../options.ts'

export const exportCommand: Command = command({
  name: 'export',
  text: { en: 'write the whole database as lines of JSON', zh: '将整个数据库导出为 JSON 行' },
  more: {
    en: 'Openids stay sealed: the database that imports the lines needs the same data key.',
    zh: 'openid 保持加密，导入后需使用相同的数据密钥。',
  },
  options: {
    database: DATABASE,
    out: {
      value: 'FILE',
      completes: 'file',
      text: { en: 'a new file, for its owner alone; absent: standard output', zh: '新文件，仅属主可读；未指定时输出到标准输出' },
    },
  },
  examples: [
    { line: 'cashdesk export --out shop.ndjson', text: { en: 'keep everything in one file', zh: '全部保存到一个文件' } },
    {
      line: 'cashdesk export | cashdesk import --database postgres://cashdesk@db.example.com/cashdesk',
      text: { en: 'move from SQLite to PostgreSQL', zh: '从 SQLite 迁到 PostgreSQL' },
    },
  ],
  exit: { 1: { en: 'nothing was written, or not all', zh: '未写出，或未完整写出' } },

  async run({ database, out: file }, _, { say, progress }) {
    const store = await openStore(database, { data_keys: 'not needed', existing: true, migrations: 'refuse' })
    const line = progress({ en: 'exporting', zh: '正在导出' })
    let bytes = 0
    try {
      // Mode 0600, because the file contains every order.
      const out = file === undefined ? process.stdout : createWriteStream(file, { flags: 'wx', mode: 0o600 })
      const counts = await store.exportTo((text) => {
        bytes += Buffer.byteLength(text)
        line.at(megabytes(bytes))
        return new Promise((resolve, reject) => out.write(text, (error) => (error ? reject(error) : resolve())))
      })
      if (file !== undefined) await finished(out.end())
      line.end()
      console.error(`${say({ en: 'exported', zh: '已导出' }, '  ')}: ${countsText(counts)}`)
      return 0
    } finally {
      line.end()
      await store.close()
    }
  },
})
