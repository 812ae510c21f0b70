import net from 'node:net'

/**
 * Opens many connections to 127.0.0.1 and holds them: `node connections.ts PORT COUNT`. Each sends the beginning of a
 * request. Says in a line how many are open and how many were closed, once all have been tried, and then waits.
 */
const [port = 0, count = 0] = process.argv.slice(2).map(Number)
const atOnce = 500
let open = 0
let closed = 0
let tried = 0

function next(): void {
  if (tried === count) return
  tried += 1
  let connected = false
  let settled = false
  const settle = () => {
    if (settled) return
    settled = true
    next()
    if (tried === count && open + closed >= count) setImmediate(report)
  }
  const socket = net.connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  socket.on('connect', () => {
    connected = true
    open += 1
    socket.write('GET /v1/health HTTP/1.1\r\n', settle)
  })
  socket.on('close', () => {
    if (connected) open -= 1
    closed += 1
    settle()
    if (said) report()
  })
  socket.resume()
}

let said = false
function report(): void {
  said = true
  process.stdout.write(`open ${open} closed ${closed}\n`)
}

for (let i = 0; i < atOnce; i += 1) next()
process.stdin.resume().on('end', () => process.exit(0))
