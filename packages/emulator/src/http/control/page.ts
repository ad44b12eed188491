// /_emulator/: a plain page, Chinese and English, to see orders, requests and notifications, and to pay by hand.

export function page(): Response {
  return new Response(HTML, { headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' } })
}

const HTML = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cashdesk emulator · 微信支付模拟器</title>
<style>
  body { font: 15px/1.6 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; color: #222; background: #fafafa }
  h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
  table { border-collapse: collapse; width: 100%; background: #fff }
  th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #e5e5e5; vertical-align: top }
  td { overflow-wrap: anywhere } pre { white-space: pre-wrap; margin: 0 } .paid, .accepted, .delivered { color: #07893f } .refused, .exhausted { color: #b3261e }
</style>
<h1>Cashdesk emulator · 微信支付模拟器</h1>
<p>Settings 配置: <a href="settings">settings</a> · Faults 故障: <a href="faults">faults</a> · Ledger 账本: <a href="truth">truth</a> · Clock 时钟: <span id="clock"></span></p>
<h2>Orders 订单</h2><table id="orders"></table>
<h2>Notifications 通知</h2><table id="notifications"></table>
<h2>Requests 请求</h2><table id="requests"></table>
<script>
  const base = location.pathname.replace(/\\/?$/, '/')
  const get = async (name) => (await fetch(base + name)).json()
  const rows = (id, titles, list) => {
    const table = document.getElementById(id)
    table.replaceChildren()
    const add = (tag, cells, kind) => {
      const row = table.insertRow()
      if (kind) row.className = kind
      for (const cell of cells) {
        const element = document.createElement(tag)
        element.append(cell ?? '')
        row.append(element)
      }
    }
    add('th', titles)
    for (const { cells, kind } of list) add('td', cells, kind)
  }
  const details = (title, text) => {
    const element = document.createElement('details')
    const summary = document.createElement('summary')
    const pre = document.createElement('pre')
    summary.textContent = title
    pre.textContent = text
    element.append(summary, pre)
    return element
  }
  const replay = (id) => {
    const button = document.createElement('button')
    button.textContent = 'Replay 重发'
    button.onclick = async () => { await fetch(base + 'notifications/' + id + '/replay', { method: 'POST' }); show() }
    return button
  }
  const show = async () => {
    const [clock, { orders }, { notifications }, { requests }] = await Promise.all(['clock', 'orders', 'notifications', 'requests'].map(get))
    document.getElementById('clock').textContent = clock.time
    rows('orders', ['Order 订单号', 'Description 商品', 'Fen 分', 'State 状态', 'Transaction 微信支付订单号'],
      orders.map((o) => ({ cells: [o.out_trade_no, o.description, String(o.amount.total), o.trade_state, o.transaction_id], kind: o.trade_state === 'SUCCESS' ? 'paid' : '' })))
    rows('notifications', ['Order 订单号', 'To 地址', 'State 状态', 'Deliveries 投递', ''],
      notifications.toReversed().map((n) => ({ cells: [n.out_trade_no, n.notify_url, n.state, n.deliveries.map((d) => d.status ?? d.error).join(', '), replay(n.id)], kind: n.state })))
    rows('requests', ['Time 时间', 'Request 请求', 'Signature 签名', 'Answer 应答', 'Why 原因'],
      requests.map((r) => ({ cells: [r.time.slice(11, 19), r.method + ' ' + r.target, r.canonical ? details(r.verdict, r.canonical) : r.verdict,
        [r.status, r.code, r.message, r.fault].filter(Boolean).join(' '), r.explanation ? r.explanation.en + ' ' + r.explanation.zh : ''], kind: r.verdict })))
  }
  show()
</script>
</html>
`
