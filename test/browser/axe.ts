// Runs axe in a page or a frame: the serious accessibility faults, each with an element that has it.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Frame, Page } from 'playwright-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  impact: string
  nodes: { html: string }[]
}

/** A page's own policy forbids foreign scripts, so axe is injected from outside the page. Frames are checked separately. */
export async function seriousFaults(place: Page | Frame): Promise<string[]> {
  await place.evaluate(SOURCE)
  const { violations } = (await place.evaluate('axe.run({ iframes: false })')) as { violations: Violation[] }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
