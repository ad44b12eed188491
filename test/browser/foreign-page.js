// Loaded by the foreign page: every way in which a page can send a request without permission. Each resolves with what the browser let the page see.

/**
 * @param {'img' | 'script' | 'iframe'} tag
 * @param {string} attribute
 * @param {string} url
 * @returns {Promise<string>}
 */
const element = (tag, attribute, url) =>
  new Promise((resolve) => {
    const made = document.createElement(tag)
    made.addEventListener('load', () => resolve('loaded'))
    made.addEventListener('error', () => resolve('nothing'))
    made.setAttribute(attribute, url)
    document.body.append(made)
  })

/**
 * The one field of a text/plain form becomes JSON: {"name":"x","y":"="}.
 *
 * @param {string} url
 * @param {string} body
 * @param {string} target
 */
const formOf = (url, body, target) => {
  const form = document.createElement('form')
  Object.assign(form, { method: 'POST', action: url, enctype: 'text/plain', target })
  form.append(Object.assign(document.createElement('input'), { name: `${body.slice(0, -1)},"y":"`, value: '"}' }))
  document.body.append(form)
  return form
}

/**
 * @param {string} url
 * @param {string} body
 * @returns {Promise<string>}
 */
const framedForm = (url, body) =>
  new Promise((resolve) => {
    const frame = document.createElement('iframe')
    frame.name = `frame${document.forms.length}`
    document.body.append(frame)
    // The frame loads twice: empty when it is appended, and then with the answer.
    frame.addEventListener('load', () => resolve('sent'))
    formOf(url, body, frame.name).submit()
  })

/**
 * @param {string} url
 * @param {RequestInit} init
 */
const asked = async (url, init) => {
  try {
    return (await (await fetch(url, init)).text()) || 'opaque'
  } catch {
    return 'nothing'
  }
}

const json = { 'content-type': 'application/json' }

/** @type {Record<string, (url: string, body: string) => Promise<string>>} */
const ways = {
  'no-cors text/plain': (url, body) => asked(url, { method: 'POST', mode: 'no-cors', body }),
  'no-cors without body': (url) => asked(url, { method: 'POST', mode: 'no-cors' }),
  'no-cors GET': (url) => asked(url, { mode: 'no-cors' }),
  'cors GET': (url) => asked(url, {}),
  'cors JSON': (url, body) => asked(url, { method: 'POST', headers: json, body }),
  'cors DELETE': (url) => asked(url, { method: 'DELETE' }),
  'a form in a frame': framedForm,
  'a beacon': async (url, body) => String(navigator.sendBeacon(url, body)),
  'a picture': (url) => element('img', 'src', url),
  'a script': (url) => element('script', 'src', url),
  'a style': (url) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet' })
    document.head.append(link)
    return new Promise((resolve) => {
      link.addEventListener('load', () => resolve('loaded'))
      link.addEventListener('error', () => resolve('nothing'))
      link.href = url
    })
  },
  'a frame': (url) => element('iframe', 'src', url),
}

/**
 * Leaves the page: the answer is the next page.
 *
 * @param {string} url
 * @param {string} body
 */
const submitForm = (url, body) => formOf(url, body, '_self').submit()

// The test calls them by name.
Object.assign(globalThis, { ways, submitForm })
