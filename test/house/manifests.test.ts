// Each package has a README under its name, the licence, its repository and keywords.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = new URL('../../', import.meta.url).pathname

interface Manifest {
  name: string
  private?: boolean
  description?: string
  keywords?: string[]
  license?: string
  repository?: { type: string; url: string; directory?: string }
}

const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest
const root = manifestOf('.')
const published = readdirSync(join(ROOT, 'packages'))
  .map((name) => join('packages', name))
  .filter((folder) => !manifestOf(folder).private)

test.each(published)('%s', (folder) => {
  const { name, description, keywords = [], license, repository } = manifestOf(folder)
  const text = (file: string): string => (existsSync(join(ROOT, folder, file)) ? readFileSync(join(ROOT, folder, file), 'utf8') : 'missing')
  expect(text('README.md')).toMatch(new RegExp(`^# ${name}\n`))
  expect(text('README.md')).toContain('\n## 中文\n')
  expect(text('LICENSE')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'))
  expect(license).toBe(root.license)
  expect(repository).toEqual({ ...root.repository, directory: folder })
  expect(description?.length).toBeGreaterThan(20)
  expect(keywords).toEqual(expect.arrayContaining(['微信支付']))
})

test('the changeset configuration lists exactly the published packages', () => {
  const { fixed } = JSON.parse(readFileSync(join(ROOT, '.changeset/config.json'), 'utf8')) as { fixed: string[][] }
  expect(fixed.flat().sort()).toEqual(published.map((folder) => manifestOf(folder).name).sort())
})
