// How the command behaves as a child of the launcher (bin/cashdesk.js): it gets its signals over the channel between
// the two, and it ends when the launcher ends.

/** The exit codes that shells use for death by a signal. */
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

type Signal = keyof typeof CODES

/** Call this first. Without a launcher it does nothing. */
export function followLauncher(): void {
  if (process.env['CASHDESK_LAUNCHER'] === undefined) return
  delete process.env['CASHDESK_LAUNCHER']

  const heard = { system: 0, launcher: 0 }
  let relaying = false
  /** Does what the signal itself would do: calls the command's own listener, or ends the process if there is none. */
  const relay = (signal: Signal): void => {
    const own = signal === 'SIGHUP' ? 0 : 1
    if (process.listenerCount(signal) <= own) process.exit(CODES[signal])
    relaying = true
    process.emit(signal, signal)
    relaying = false
  }
  const asked = (by: keyof typeof heard, signal: 'SIGINT' | 'SIGTERM'): void => {
    heard[by] += 1
    // A second signal from the same source ends the process at once.
    if (heard[by] > 1) process.exit(CODES[signal])
    // On Ctrl-C the terminal signals both processes, and the launcher passes its signal on: together they count as one.
    if (heard.system + heard.launcher > 1) return
    if (by === 'launcher' || process.listenerCount(signal) === 1) relay(signal)
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!relaying) asked('system', signal)
    })
  }
  process.on('message', (signal: unknown) => {
    if (signal === 'SIGHUP') relay(signal)
    else if (signal === 'SIGINT' || signal === 'SIGTERM') asked('launcher', signal)
  })
  const orphaned = (): void => {
    if (heard.system + heard.launcher === 0) asked('launcher', 'SIGTERM')
  }
  process.once('disconnect', orphaned)
  // The channel must not keep the process alive when the work is done.
  process.channel?.unref()
  if (!process.connected) orphaned()
}
