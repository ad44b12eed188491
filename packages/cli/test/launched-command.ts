// A command under a launcher, for launched.test.ts: it says what it hears, and ends when it is told to over the channel.

import { followLauncher } from '../src/launched.ts'

followLauncher()
for (const signal of process.argv.slice(2).filter((word) => word.startsWith('SIG')) as NodeJS.Signals[])
  process.once(signal, () => console.log(`stopping on ${signal}`))
if (!process.argv.includes('short')) {
  process.on('message', (message) => {
    if (message === 'ping') process.send?.('pong')
    // After whatever else has arrived by now.
    if (message === 'finish') setImmediate(() => setImmediate(() => process.exit(0)))
  })
  process.once('disconnect', () => console.log('alone'))
  // Keeps it alive when the channel is closed.
  process.stdin.on('data', () => process.exit(7))
}
console.log('ready')
