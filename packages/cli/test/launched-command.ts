// A command under a launcher, for launched.test.ts: it prints which signals and messages it receives, and ends when the channel says so.

import { followLauncher } from '../src/launched.ts'

followLauncher()
for (const signal of process.argv.slice(2).filter((word) => word.startsWith('SIG')) as NodeJS.Signals[])
  process.once(signal, () => console.log(`stopping on ${signal}`))
if (!process.argv.includes('short')) {
  process.on('message', (message) => {
    if (message === 'ping') process.send?.('pong')
    // Runs after everything else that has arrived by now.
    if (message === 'finish') setImmediate(() => setImmediate(() => process.exit(0)))
  })
  process.once('disconnect', () => console.log('alone'))
  // Keeps the process alive when the channel is closed.
  process.stdin.on('data', () => process.exit(7))
}
console.log('ready')
