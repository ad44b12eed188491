// A CommonJS project: Node 22.12 and later `require` ES modules.

const { journey } = require('./journey.mjs')

journey({
  sdk: require('@cashdesk/sdk'),
  adapters: require('@cashdesk/sdk/adapters'),
  explain: require('@cashdesk/sdk/explain'),
  v2: require('@cashdesk/sdk/v2'),
  protocol: require('@cashdesk/protocol'),
  spec: require('@cashdesk/protocol/spec'),
})
