// Run in a process of its own: keeps a core as busy as a load keeps it, so that a limit is measured under the conditions of the run.

console.log('busy')
const ends = performance.now() + 20_000
while (performance.now() < ends) Math.sqrt(Math.random())
