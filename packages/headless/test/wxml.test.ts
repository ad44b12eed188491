// Templates: expressions, conditions, lists, and finding the elements shown.

import { describe, expect, test } from 'vitest'
import { evaluate } from '../src/wxml/expression.ts'
import { renderSheet } from '../src/wxml/render.ts'
import { select, textOf } from '../src/wxml/select.ts'
import { sheetsIn } from '../src/wxml/sheet.ts'

/** The file `pages/a/a.wxml`, with other files beside it. */
const shown = (wxml: string, data: Record<string, unknown> = {}, others: Record<string, string> = {}, warnings: string[] = []) => {
  const files: Record<string, string> = { 'pages/a/a.wxml': wxml, ...others }
  const sheetAt = sheetsIn({
    read: (path) => files[path] ?? expect.fail(`no ${path}`),
    compile: (code, _, parameters) => new Function(...parameters, code) as (...values: unknown[]) => unknown,
    warn: (text) => void warnings.push(text),
  })
  return renderSheet(sheetAt('pages/a/a.wxml'), data)
}

describe('expressions', () => {
  test.each<[string, unknown]>([
    ['{{n + 1}}', 3],
    ['{{ n > 1 }}', true],
    ['n is {{n}}, {{ n === 2 ? "two" : "other" }}', 'n is 2, two'],
    ['{{order.amount.total}}', 28],
    ['{{nothing.of.this}}', undefined],
    ['total: {{nothing.of.this}}', 'total: '],
    ['{{process}}', undefined],
    ['{{["mark", n && "done"]}}', ['mark', 'done']],
    ['{{ {a: {b: n}} }}', { a: { b: 2 } }],
    ['plain', 'plain'],
  ])('%s', (source, value) => {
    expect(evaluate(source, { n: 2, order: { amount: { total: 28 } } })).toEqual(value)
  })

  test('text that is not an expression is an error', () => {
    expect(() => evaluate('{{n +}}', {})).toThrow(SyntaxError)
  })
})

describe('conditions and lists', () => {
  const chain = '<a wx:if="{{n === 1}}">1</a><a wx:elif="{{n === 2}}">2</a><a wx:else>3</a>'
  test.each([
    [1, '1'],
    [2, '2'],
    [7, '3'],
  ])('exactly one branch of an if chain is shown: %i', (n, text) => expect(textOf(shown(chain, { n }))).toBe(text))

  test('a list may name its item and index, and a condition on the same element is evaluated for each item', () => {
    const wxml = '<v wx:for="{{all}}" wx:for-item="one" wx:for-index="i" wx:key="id" wx:if="{{one.seen}}" id="n{{i}}">{{one.name}}</v>'
    const nodes = shown(wxml, {
      all: [
        { name: 'a', seen: true },
        { name: 'b', seen: false },
        { name: 'c', seen: true },
      ],
    })
    expect(textOf(nodes)).toBe('a c')
    expect(select(nodes, '#n2')).toHaveLength(1)
  })

  test('a number or an object can be listed, too', () => {
    expect(textOf(shown('<v wx:for="{{3}}">{{index}}</v>'))).toBe('0 1 2')
    expect(textOf(shown('<v wx:for="{{o}}">{{index}}={{item}}</v>', { o: { a: 1, b: 2 } }))).toBe('a=1 b=2')
  })
})

describe('elements', () => {
  test('are found by name, id, class and position, unless they are hidden', () => {
    const nodes = shown(
      '<view class="a {{b}}"><text id="t" class="x y">1</text></view><block><text class="x">2</text></block><text hidden="{{true}}">3</text>',
      { b: 'bb' },
    )
    expect(select(nodes, 'text')).toHaveLength(2)
    expect(select(nodes, '.a.bb text.x#t')).toHaveLength(1)
    expect(select(nodes, '.x .a')).toHaveLength(0)
    expect(textOf(nodes)).toBe('1 2')
    expect(() => select(nodes, 'text > b')).toThrow('Not a selector')
  })

  test('keep the types of their data- attributes, with names in camel case', () => {
    const [element] = select(shown('<v data-product-id="{{id}}" data-aB="x" disabled catch:tap="go"/>', { id: 7 }), 'v')
    expect(element).toMatchObject({ dataset: { productId: 7, ab: 'x' }, attributes: { disabled: true } })
    expect(element?.handlers.get('tap')).toEqual({ method: 'go', stops: true })
  })
})

describe('templates', () => {
  test('see only their own data, not the page’s; their name may be an expression', () => {
    const wxml =
      '<template name="row"><v class="{{kind}}">{{name}} {{secret}}</v></template><template is="{{which}}" data="{{name: one.name, kind}}"/>'
    const nodes = shown(wxml, { which: 'row', one: { name: '拿铁' }, kind: 'hot', secret: 's' })
    expect(textOf(nodes)).toBe('拿铁')
    expect(select(nodes, '.hot')).toHaveLength(1)
  })

  test('may be listed, take spread data, and call themselves, as Taro’s do', () => {
    const wxml = '<template name="node"><v id="{{id}}"><template is="node" data="{{...item}}" wx:for="{{cn}}" wx:key="id"/></v></template>'
    const tree = { id: 'a', cn: [{ id: 'b', cn: [{ id: 'c', cn: [] }] }] }
    expect(select(shown(`${wxml}<template is="node" data="{{...root}}"/>`, { root: tree }), '#a #b #c')).toHaveLength(1)
  })

  test('are found in an imported file, with the wxs of that file, but not through that file’s own imports', () => {
    const others = {
      'base.wxml': '<import src="/far.wxml"/><wxs module="m" src="./m.wxs"/><template name="t">{{m.twice(n)}}</template>',
      'far.wxml': '<template name="far">far</template>',
      'm.wxs': "var two = require('./two.wxs'); module.exports = { twice: function (n) { return two * n } }",
      'two.wxs': 'module.exports = 2',
    }
    expect(textOf(shown('<import src="../../base"/><template is="t" data="{{n: 4}}"/>', {}, others))).toBe('8')
    const warnings: string[] = []
    expect(shown('<import src="../../base.wxml"/><template is="far"/>', {}, others, warnings)).toEqual([])
    expect(warnings).toEqual(['Template "far" is neither in pages/a/a.wxml nor in a file that it imports.'])
  })

  test('wxs may be inline; an included file is shown in the place of its include and sees the page', () => {
    const wxml =
      '<wxs module="f">module.exports.yuan = function (fen) { return fen / 100 }</wxs><v>{{f.yuan(price)}}</v><include src="./foot.wxml"/>'
    expect(textOf(shown(wxml, { price: 2800 }, { 'pages/a/foot.wxml': '<v>{{price}} 分</v>' }))).toBe('28 2800 分')
  })

  test('that do not exist show nothing, as in WeChat, with one warning; data that is not an object is an error', () => {
    const warnings: string[] = []
    expect(textOf(shown('<template is="row"/><v>still</v><template is="row"/>', {}, {}, warnings))).toBe('still')
    expect(warnings).toHaveLength(1)
    expect(() => shown('<template name="row">x</template><template is="row" data="n"/>')).toThrow('Not the data of a template: n')
  })
})
