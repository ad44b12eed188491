// The catalogue and docs/reference/errors.md have the same codes, and the addresses in errors lead to its headings.

import { readFileSync } from 'node:fs'
import { ERROR_CATALOGUE, MessageError } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { ERRORS_PAGE, errorsPage } from '../../tools/errors-page.ts'

const page = readFileSync(ERRORS_PAGE, 'utf8')

test('the page is current (npm run docs:errors)', () => {
  expect(page).toBe(errorsPage())
})

test('each code has exactly one heading, and each ERR_ heading is a code', () => {
  const headings = [...page.matchAll(/^### (ERR_\w+)$/gm)].map((match) => match[1])
  expect(headings.sort()).toEqual(Object.keys(ERROR_CATALOGUE).sort())
})

test('an error links to its heading', () => {
  const anchor = /docs: reference\/errors\.md#(\w+)/.exec(new MessageError('ERR_MESSAGE_SHAPE').message)?.[1]
  expect(page.toLowerCase()).toContain(`### ${anchor}\n`)
})
