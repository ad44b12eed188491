// Elements, money, and questions to the address that this page came from.

/**
 * An element with children; text is only ever text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} [properties]
 * @param {(Node | string | number | false | null | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties)
  for (const child of children)
    if (child !== undefined && child !== null && child !== false) element.append(typeof child === 'number' ? String(child) : child)
  return element
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export const byId = (id) => elementOf(id, HTMLElement)

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind what the page's own HTML has there
 * @returns {Kind}
 */
export const elementOf = (id, kind) => {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new TypeError(`the page has no ${kind.name} #${id}`)
}

/** @param {number} fen */
export const yuan = (fen) => `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`

/**
 * Rejects when nothing answers; resolves with whatever was answered, which whoever asks knows.
 *
 * @param {string} path
 * @param {string} [method]
 * @param {object} [body]
 * @returns {Promise<any>}
 */
export const ask = async (path, method = 'GET', body) => {
  const answer = await fetch(path, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return answer.json()
}
