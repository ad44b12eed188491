// Runs in a process of its own and keeps a core busy, so that a limit is measured under the same conditions as the server.

console.log('busy')
const ends = performance.now() + 20_000
while (performance.now() < ends) Math.sqrt(Math.random())
