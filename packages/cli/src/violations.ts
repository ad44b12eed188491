// Prints broken promises for audit, backup, restore and import.

import type { Violation } from '@cashdesk/store'
import type { Talk } from './command/declaration.ts'

/** Returns the exit code. */
export function printViolations(violations: readonly Violation[], { say, paint }: Talk): number {
  const broken = say({ en: 'broken', zh: '不成立' }, ' ')
  for (const { check, promise, merchant, subject } of violations) console.log(`${check}  ${merchant} ${subject}  ${broken}: ${promise}`)
  const count = violations.length
  console.log(
    count === 0
      ? paint('green', say({ en: 'audit: every promise holds', zh: '核账：所有承诺均成立' }))
      : paint('red', say({ en: `audit: ${count} broken`, zh: `核账：${count} 处不成立` })),
  )
  return count === 0 ? 0 : 1
}
