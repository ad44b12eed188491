// The packages as npm would publish them, and projects that install them.

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Packed, packAll } from '../../tools/pack-all.ts'

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))
const CONSUMER = fileURLToPath(new URL('consumer', import.meta.url))

const execute = promisify(execFile)

/** Standard output; rejects with both outputs when the command fails. */
export async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  // The npm_* variables of this process describe its own project, not the other one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_(package|lifecycle|config_local)|NODE_OPTIONS)/.test(name)),
  )
  try {
    return (await execute(command, args, { cwd, env, maxBuffer: 16 * 1024 * 1024 })).stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error })
  }
}

/** A tool of this repository. */
export const tool = (name: string): string => join(ROOT, 'node_modules/.bin', name)

export interface Packing {
  directory: string
  packages: readonly Packed[]
  tarball(name: string): string
}

/** Every package that is not private, built and packed as `npm run pack:all` does it. */
export async function pack(): Promise<Packing> {
  const directory = await mkdtemp(join(tmpdir(), 'packed-'))
  const packages = await packAll(directory)
  return { directory, packages, tarball: (name) => packages.find((one) => one.name === name)?.tarball ?? `${name} is not packed` }
}

interface LockedPackage {
  link?: boolean
  resolved?: string
  dependencies?: Record<string, string>
}

/** Folders in node_modules of all third-party packages that these packages of ours need, directly or through others. */
export async function needsOf(names: readonly string[]): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockedPackage> }
  const found = new Map<string, LockedPackage>()
  /** `folder` is the folder of the package that needs it: where npm has installed two versions, the nearer one is meant. */
  const visit = (one: string, folder: string): void => {
    const path = [`${folder}/node_modules/${one}`, `node_modules/${one}`].find((place) => packages[place]) ?? ''
    const entry = packages[path]
    if (!entry || found.has(path)) return
    found.set(path, entry)
    const real = entry.link ? (entry.resolved ?? '') : path
    for (const dependency of Object.keys(packages[real]?.dependencies ?? {})) visit(dependency, real)
  }
  for (const name of names) visit(name, '')
  return [...found].filter(([, { link }]) => !link).map(([path]) => `./${path}`)
}

/** Packs packages that are installed here, so that no registry is asked. */
export async function packInstalled(directory: string, folders: readonly string[]): Promise<string[]> {
  const said = await run(ROOT, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', directory, ...folders)
  return (JSON.parse(said) as { filename: string }[]).map(({ filename }) => join(directory, filename))
}

/** Creates a project with only these tarballs. */
export async function anEmptyProject(directory: string, name: string, tarballs: readonly string[]): Promise<string> {
  const project = join(directory, name)
  await mkdir(project)
  await writeFile(join(project, 'package.json'), JSON.stringify({ name, version: '1.0.0', private: true }))
  await run(project, 'npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs)
  return project
}

/** Creates a project with these tarballs. What they need from others is packed from here, so that no registry is asked. */
export async function aProject(directory: string, type: 'module' | 'commonjs', tarballs: readonly string[]): Promise<string> {
  const project = join(directory, type)
  await mkdir(project)
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'shop', version: '1.0.0', private: true, type }))
  await cp(CONSUMER, project, { recursive: true })
  await run(project, 'npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs)
  return project
}

export interface Installed {
  /** Names of all packages that npm installed. */
  names: string[]
  bytes: number
}

export async function installed(project: string): Promise<Installed> {
  const modules = join(project, 'node_modules')
  const entries = await readdir(modules, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && entry.name !== '.package-lock.json')
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size))
  const lock = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')) as { packages: Record<string, unknown> }
  const names = Object.keys(lock.packages)
    .filter((path) => path !== '')
    .map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
  return { names: names.sort(), bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

export const remove = (directory: string): Promise<void> => rm(directory, { recursive: true, force: true })
