import net from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { startWorld } from '../../integration/api/world.ts'
import { at, isAnswered } from './support.ts'

it.each(['http', 'socket'] as const)(
  'three hundred callers that send their headers a byte at a time keep nobody waiting, and are sent away (%s)',
  async (transport) => {
    const world = await startWorld({ limits: { headersTimeout: 1500, requestTimeout: 3000 } })
    const { where, name } = at(world, transport)
    const text = `GET /v1/health HTTP/1.1\r\nHost: ${name}\r\nX-Long: ${'x'.repeat(10_000)}`
    const answers: string[] = []
    const begun = Date.now()
    let longest = 0
    const slow = Array.from({ length: 300 }, () => {
      const socket = net.connect(where)
      let sent = 0
      let got = ''
      const drip = setInterval(() => {
        sent += 1
        if (socket.writable) socket.write(text[sent % text.length] ?? 'x')
      }, 100)
      socket.write(text.slice(0, 40))
      socket.setEncoding('utf8').on('data', (part: string) => {
        got += part
      })
      socket.on('error', () => {})
      return new Promise<void>((resolve) => {
        socket.once('close', () => {
          clearInterval(drip)
          answers.push(got)
          longest = Math.max(longest, Date.now() - begun)
          resolve()
        })
        onTestFinished(() => void socket.destroy())
      })
    })
    for (let i = 0; i < 5; i += 1) {
      expect(await isAnswered(world, 'http')).toBe(true)
      expect(await isAnswered(world, 'socket')).toBe(true)
    }
    await Promise.all(slow)
    // However it drips, the time runs from the first byte.
    expect(longest).toBeLessThan(15_000)
    expect(answers).toHaveLength(300)
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"timeout"/)
    expect(world.calls).toEqual([])
    expect(await isAnswered(world, transport)).toBe(true)
  },
)
