// `cashdesk import`: reads the output of `cashdesk export` into a new database, whole or not at all, and audits it.

import { createReadStream, statSync } from 'node:fs'
import { openStore } from '@cashdesk/store'
import { type Command, command } from '../command/declaration.ts'
import { ofWhole, type Progress } from '../command/progress.ts'
import { countsText } from '../counts.ts'
import { printViolations } from '../violations.ts'

export const importCommand: Command = command({
  name: 'import',
  text: { en: 'read an export into a new database', zh: '将导出内容导入新数据库' },
  more: { en: 'Whole or nothing, and audited at the end.', zh: '要么全部导入，要么不导入；最后自动核账。' },
  options: {
    database: {
      value: 'URL',
      required: true,
      text: {
        en: 'a new one, which no server has used yet: sqlite:PATH or postgres://…',
        zh: '尚未被服务使用过的新数据库：sqlite:PATH 或 postgres://…',
      },
    },
    in: { value: 'FILE', completes: 'file', text: { en: 'the export; absent: standard input', zh: '导出文件；未指定时读取标准输入' } },
  },
  examples: [
    {
      line: 'cashdesk import --database sqlite:./data/new.db --in shop.ndjson',
      text: { en: 'from a file', zh: '从文件导入' },
    },
  ],
  exit: { 1: { en: 'nothing was read in, or the audit found a broken promise', zh: '未导入，或核账发现问题' } },

  async run({ database, in: file }, _, talk) {
    const { say, progress } = talk
    const from = file === undefined ? process.stdin : createReadStream(file)
    const store = await openStore(database, { data_keys: 'not needed' })
    const line = progress({ en: 'importing', zh: '正在导入' })
    try {
      const counts = await store.importFrom(watched(from.setEncoding('utf8'), line, file))
      line.end()
      console.log(`${say({ en: 'imported', zh: '已导入' }, '  ')}: ${countsText(counts)}`)
      // Cutoff 0: what fell due while the database was carried over is not reported as forgotten.
      return printViolations(await store.audit(0), talk)
    } finally {
      line.end()
      await store.close()
    }
  },
})

async function* watched(chunks: AsyncIterable<string>, line: Progress, file: string | undefined): AsyncIterable<string> {
  const whole = file === undefined ? undefined : statSync(file).size
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += Buffer.byteLength(chunk)
    line.at(ofWhole(bytes, whole))
    yield chunk
  }
}
