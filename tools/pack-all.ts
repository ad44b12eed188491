// `npm run pack:all [-- DIR]`: builds every package that may be published and writes its tarball to DIR (default: tarballs). The tests install these
// tarballs in empty projects; until the packages are on a registry, other projects install them, too (docs/how-to/install.md).

import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const ROOT = new URL('..', import.meta.url).pathname

export interface Packed {
  name: string
  /** `packages/sdk`. */
  folder: string
  /** The absolute path of the `.tgz`. */
  tarball: string
  files: readonly { path: string; size: number }[]
}

/** Builds and packs everything that is not private. @throws when npm fails, with its output. */
export async function packAll(directory: string): Promise<Packed[]> {
  await mkdir(directory, { recursive: true })
  await npm('run', 'build')
  await npm('run', 'build', '--workspace', 'packages/miniprogram')
  const folders = await publicFolders()
  const output = await npm('pack', '--json', '--ignore-scripts', '--pack-destination', directory, ...folders.map((folder) => `./${folder}`))
  return (JSON.parse(output) as { name: string; filename: string; files: Packed['files'] }[]).map(({ name, filename, files }, at) => ({
    name,
    folder: folders[at] ?? '',
    tarball: join(directory, filename),
    files,
  }))
}

async function publicFolders(): Promise<string[]> {
  const folders: string[] = []
  for (const name of await readdir(join(ROOT, 'packages'))) {
    const manifest = JSON.parse(await readFile(join(ROOT, 'packages', name, 'package.json'), 'utf8')) as { private?: boolean }
    if (!manifest.private) folders.push(`packages/${name}`)
  }
  return folders
}

async function npm(...args: string[]): Promise<string> {
  return (await promisify(execFile)('npm', args, { cwd: ROOT, maxBuffer: 16 * 1024 * 1024 })).stdout
}

if (import.meta.main) {
  for (const { tarball } of await packAll(resolve(process.argv[2] ?? 'tarballs'))) console.log(tarball)
}
