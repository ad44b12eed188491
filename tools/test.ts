// `npm test` and `npm run test:long`: sets up what the tests need, runs them, and lists at the end what could not be tested, with the command that would set
// it up. Ends with `N passed, N failed`; what could not be tested counts as skipped.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { TOOLS, type Tool } from '../test/support/tools.ts'

const part = process.argv[2] === 'long' ? 'long' : 'short'
const rest = process.argv.slice(part === 'long' ? 3 : 2)

const notes: string[] = []
setUpTools()
if (rest.length === 0) setUpShops()

const { passed, failed, skipped, code } = await runTests()
const untried = await countUntried()
if (notes.length > 0) console.log(`\nNot tried here · 此处未测试:\n${notes.map((note) => `  - ${note}`).join('\n')}`)
const all = skipped + untried
console.log(`\n${passed} passed, ${failed} failed${all > 0 ? `, ${all} skipped` : ''}`)
process.exit(code)

function missing(): Tool[] {
  return TOOLS.filter((tool) => tool.find() === undefined)
}

/** Installs Debian's packages if this process may; otherwise names the command. */
function setUpTools(): void {
  const wanted = missing()
  if (wanted.length === 0) return
  const packages = wanted.map(({ debian }) => debian).join(' ')
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`installing ${packages} · 正在安装`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages.split(' ')], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  for (const { name, tries, debian } of missing()) notes.push(`${tries}: there is no ${name}. sudo apt-get install ${debian}`)
}

/** The shops have their own lock files. Builds that exist are kept. */
function setUpShops(): void {
  const shops = [
    { name: 'uni-shop', built: ['dist/build/mp-weixin/app.json', 'dist/build/h5/index.html'], scripts: ['build:mp-weixin', 'build:h5'] },
    { name: 'taro-shop', built: ['dist/app.json'], scripts: ['build:weapp'] },
  ]
  for (const { name, built, scripts } of shops) {
    const folder = `examples/${name}`
    if (built.every((file) => existsSync(`${folder}/${file}`))) continue
    console.log(`building ${folder} · 正在构建`)
    const steps = [['ci', '--no-audit', '--no-fund'], ...scripts.map((script) => ['run', script])]
    const stuck = steps.find(
      (step) => spawnSync('npm', ['--prefix', folder, ...step], { stdio: ['ignore', 'ignore', 'ignore'] }).status !== 0,
    )
    if (stuck) notes.push(`payments with the build of ${name}: npm --prefix ${folder} ${stuck.join(' ')} failed. Run it to see why`)
  }
}

interface Counts {
  passed: number
  failed: number
  skipped: number
  code: number
}

function projects(): string[] {
  return TOOLS.some((tool) => tool.name === 'PostgreSQL' && tool.find() !== undefined) ? [] : ['--project', 'cashdesk']
}

function runTests(): Promise<Counts> {
  const child = spawn('npx', ['vitest', 'run', ...projects(), ...rest], {
    env: { ...process.env, CASHDESK_TEST_PART: part },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let tail = ''
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk)
    tail = `${tail}${chunk.toString()}`.slice(-500)
  })
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const [, passed = 0, failed = 1, skipped = 0] = /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(tail) ?? []
      resolve({ passed: Number(passed), failed: Number(failed), skipped: Number(skipped), code: code ?? 1 })
    })
  })
}

/** Without PostgreSQL its project does not run, but its tests are counted as skipped. */
async function countUntried(): Promise<number> {
  if (projects().length === 0 || rest.length > 0) return 0
  const listed = spawnSync('npx', ['vitest', 'list', '--project', 'postgres', '--json'], {
    env: { ...process.env, CASHDESK_TEST_PART: part, CASHDESK_TEST_POSTGRES: 'postgres://nowhere/none' },
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  try {
    return (JSON.parse(listed.stdout.slice(listed.stdout.indexOf('['))) as unknown[]).length
  } catch {
    return 1
  }
}
