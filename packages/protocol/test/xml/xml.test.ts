// WeChat's XML: what is written can be read, by us and by another parser, and dangerous input is refused with typed errors.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MessageError } from '../../src/index.ts'
import { formatFields, readFields } from '../../src/v2/index.ts'
import { readXml, STRANGER_PARTS_MAX } from '../../src/xml/read.ts'
import { readTree } from '../../src/xml/tree.ts'
import { oracle } from '../v2/oracle.ts'

const names = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,20}$/)
/** Any text that XML can contain. */
const texts = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .filter((text) => /^[\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(text))

test('what is written can be read', () => {
  fc.assert(
    fc.property(fc.dictionary(names, texts), (fields) => {
      expect({ ...readFields(formatFields(fields)) }).toEqual({ ...fields })
      expect({ ...readFields(Buffer.from(formatFields(fields, 'root')), 'root') }).toEqual({ ...fields })
    }),
  )
})

test('another parser reads what we write', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        names,
        texts.filter((text) => text !== '' && text === text.trim()),
        { minKeys: 1 },
      ),
      (fields) => {
        expect({ ...oracle.Transformer.toObject(formatFields(fields)) }).toEqual({ ...fields })
      },
    ),
  )
})

test('we read what another writer writes', () => {
  const fields = { body: '拿铁 & <大杯>', attach: "it's", total_fee: '1' }
  expect({ ...readFields(oracle.Transformer.toXml(fields)) }).toEqual(fields)
})

test('entities, the declaration, white space, empty elements and a byte order mark are read', () => {
  const xml =
    '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n  <a>&lt;&amp;&gt;&quot;&apos;&#20013;&#x1F600;</a>\n  <b/><c ></c >\n</xml>\n'
  expect({ ...readFields(Buffer.from(xml)) }).toEqual({ a: '<&>"\'中😀', b: '', c: '' })
})

test('nested messages become trees', () => {
  const tree = readTree('<xml><List><Id>1</Id></List><List><Id>2</Id></List><List><Id>3</Id></List><Event>e</Event></xml>')
  expect(JSON.parse(JSON.stringify(tree))).toEqual({ List: [{ Id: '1' }, { Id: '2' }, { Id: '3' }], Event: 'e' })
})

describe('refused', () => {
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "&l${i};&l${i};&l${i};">`).join('')
  test.each([
    ['an external entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><a>&e;</a></xml>'],
    ['a billion laughs', `<!DOCTYPE x [<!ENTITY l0 "lol">${laughs}]><xml><a>&l9;</a></xml>`],
    ['a DTD after the declaration', '<?xml version="1.0"?><!DOCTYPE xml SYSTEM "http://attacker.test/x.dtd"><xml/>'],
    ['an undeclared entity', '<xml><a>&e;</a></xml>'],
    ['an entity named like a property of objects', '<xml><a>&__proto__;</a></xml>'],
    ['an ampersand that begins no entity', '<xml><a>a & b</a></xml>'],
    ['a reference to the character NUL', '<xml><a>&#0;</a></xml>'],
    ['a character reference beyond Unicode', '<xml><a>&#x110000;</a></xml>'],
    ['an attribute', '<xml><a b="c">1</a></xml>'],
    ['a comment inside a value', '<xml><total_fee>1<!-- -->00</total_fee></xml>'],
    ['a processing instruction', '<xml><?php x ?></xml>'],
    ['__proto__ as a field', '<xml><__proto__>1</__proto__></xml>'],
    ['a field twice', '<xml><total_fee>1</total_fee><total_fee>100</total_fee></xml>'],
    ['a field inside a field', '<xml><a><b>1</b></a></xml>'],
    ['text between fields', '<xml>x<a>1</a></xml>'],
    ['text instead of fields', '<xml>x</xml>'],
    ['another root', '<root><a>1</a></root>'],
    ['two roots', '<xml></xml><xml></xml>'],
    ['a wrong end tag', '<xml><a>1</b></xml>'],
    ['a missing end tag', '<xml><a>1'],
    ['CDATA without end', '<xml><a><![CDATA[1</a></xml>'],
    ['a control character', '<xml><a>\u0001</a></xml>'],
    ['HTML', '<html><head><title>502 Bad Gateway</title></head></html>'],
    ['nothing', ''],
    ['JSON', '{"a":1}'],
  ])('%s', (_, xml) => {
    expect(() => readFields(xml)).toThrow(expect.objectContaining({ code: 'ERR_XML_FORMAT' }))
  })

  test.each([
    ['bytes that are not UTF-8', Buffer.from([0x3c, 0xff, 0xfe])],
    ['a document that is too long', Buffer.from(`<xml><a>${'x'.repeat(300_000)}</a></xml>`)],
    ['elements nested too deep', Buffer.from('<a>'.repeat(20_000))],
    ['too many elements', Buffer.from(`<xml>${'<a/>'.repeat(5000)}</xml>`)],
  ])('%s', (_, xml) => {
    expect(() => readXml(xml)).toThrow(MessageError)
  })
})

test('A3: the time to read a list of 3,999 equal names grows with its length, not with its square', () => {
  const list = (n: number): string => `<xml>${'<a/>'.repeat(n)}</xml>`
  const fastest = (n: number): number => {
    const times = Array.from({ length: 15 }, () => {
      const begin = performance.now()
      readTree(list(n))
      return performance.now() - begin
    })
    return Math.min(...times)
  }
  expect(readTree(list(3999))['a']).toHaveLength(3999)
  // Ten times as many take about ten times as long; quadratic time would be a hundred times.
  expect(fastest(3999)).toBeLessThan(40 * fastest(400))
})

test.each([
  ['elements', (n: number) => `<xml>${'<a/>'.repeat(n)}</xml>`],
  ['texts', (n: number) => `<xml>${' <a/>'.repeat(n / 2)}</xml>`],
  ['CDATA sections', (n: number) => `<xml><a>${'<![CDATA[]]>'.repeat(n - 1)}</a></xml>`],
  ['entities', (n: number) => `<xml><a>${'&amp;'.repeat(n - 2)}</a></xml>`],
])('A3: %s count towards the limit of parts', (_, xml) => {
  expect(() => readXml(xml(4000))).not.toThrow()
  expect(() => readXml(xml(4002))).toThrow('too many')
  expect(() => readXml(xml(384), STRANGER_PARTS_MAX)).not.toThrow()
  expect(() => readXml(xml(386), STRANGER_PARTS_MAX)).toThrow('too many')
})

test('A3: nesting has a limit of its own', () => {
  const tower = (n: number): string => `${'<a>'.repeat(n)}${'</a>'.repeat(n)}`
  expect(() => readXml(tower(8))).not.toThrow()
  expect(() => readXml(tower(9))).toThrow('too deep')
})

test.each(['&#1114111;', '&#x10FFFF;', '&#x10ffff;'])('the longest entity is read: %s', (entity) => {
  expect(readFields(`<xml><a>${entity}</a></xml>`)['a']).toBe('\u{10FFFF}')
})

test.each(['&lt', '&lt ;', '&;', '&', '&#x110000;', '&#11141110;', '&&lt;', '&lt<b/>;'])('%s is not an entity', (text) => {
  expect(() => readXml(`<xml><a>${text}</a></xml>`)).toThrow('an entity that is not one of the five')
})

test('names of JavaScript’s object properties are ordinary element names', () => {
  const fields = readFields('<xml><constructor>1</constructor></xml>')
  expect(fields['constructor']).toBe('1')
  expect(fields['toString']).toBeUndefined()
  expect(Object.getPrototypeOf(readFields('<xml/>'))).toBeNull()
})

test.each([
  ['an invalid name', { 'a b': '1' }],
  ['a carriage return', { a: 'x\r\ny' }],
  ['a control character', { a: '\u0000' }],
])('refuses to write %s', (_, fields) => {
  expect(() => formatFields(fields)).toThrow(TypeError)
})

test.each([
  ['text between elements', '<xml>a<b>1</b></xml>'],
  ['text after an element', '<xml><b>1</b>a</xml>'],
  ['CDATA between elements', '<xml><b>1</b><![CDATA[a]]></xml>'],
])('%s is refused, because no part of a message may be dropped silently', (_, xml) => {
  expect(() => readXml(xml)).toThrow('text between elements')
})

test('bytes that are not UTF-8 are refused, not turned into other text', () => {
  for (const bytes of [[0xff], [0xed, 0xa0, 0x80], [0xc3]]) {
    const xml = Buffer.concat([Buffer.from('<xml><a>'), Buffer.from(bytes), Buffer.from('</a></xml>')])
    expect(() => readXml(xml)).toThrow('not UTF-8')
  }
})
