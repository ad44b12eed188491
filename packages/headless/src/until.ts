// Waits until a condition holds. After the timeout it throws an error that describes the situation.

export interface WaitOptions {
  timeout_ms?: number
}

const LOOK_EVERY_MS = 10
const TIMEOUT_MS = 10_000

export async function until(
  holds: () => boolean | Promise<boolean>,
  { timeout_ms = TIMEOUT_MS }: WaitOptions = {},
  story: () => string,
): Promise<void> {
  const end = performance.now() + timeout_ms
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`It did not happen within ${timeout_ms} ms.\n${story()}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
