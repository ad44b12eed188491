// What the command owes the launcher (bin/cashdesk.js) when it runs as its child: it takes its signals over the channel between
// the two, and it does not outlive it.

/** As shells count the death by a signal. */
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

type Signal = keyof typeof CODES

/** Call it first. Without a launcher it does nothing. */
export function followLauncher(): void {
  if (process.env['CASHDESK_LAUNCHER'] === undefined) return
  delete process.env['CASHDESK_LAUNCHER']

  const heard = { system: 0, launcher: 0 }
  let relaying = false
  /** Does what the signal itself would do: the command's own listener stops it, and without one it ends. */
  const relay = (signal: Signal): void => {
    const own = signal === 'SIGHUP' ? 0 : 1
    if (process.listenerCount(signal) <= own) process.exit(CODES[signal])
    relaying = true
    process.emit(signal, signal)
    relaying = false
  }
  const asked = (by: keyof typeof heard, signal: 'SIGINT' | 'SIGTERM'): void => {
    heard[by] += 1
    // Asked twice by the same: whoever does that does not want to wait.
    if (heard[by] > 1) process.exit(CODES[signal])
    // A terminal tells both processes, and the launcher passes it on: one Ctrl-C is one.
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
  // The channel is no reason to go on when the work is done.
  process.channel?.unref()
  if (!process.connected) orphaned()
}
