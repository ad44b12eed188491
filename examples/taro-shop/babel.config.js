// Taro's own preset: React and TypeScript.

module.exports = { presets: [['taro', { framework: 'react', ts: true }]] }
