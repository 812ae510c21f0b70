import { expect, it } from 'vitest'
import { pairApp, wholeHost } from '../../integration/api/paired.ts'

it('[F11] a sign-in of one app is not there for another: not to watch, open, cancel or answer', async () => {
  const host = await wholeHost()
  const own = await pairApp(host, 'Own', [{ account: null, rights: ['connect', 'see'] }])
  const other = await pairApp(host, 'Other', [{ account: null, rights: ['connect', 'see'] }])
  const started = await own.call('POST', '/v1/connect', { provider: 'practice', via: 'paste' })
  expect(started.status).toBe(200)
  const told = async (flow: string) => {
    const answers = [
      await other.call('GET', `/v1/flows/${flow}`),
      await other.call('POST', `/v1/flows/${flow}/cancel`),
      await other.call('POST', `/v1/flows/${flow}/answer`, { url: 'http://127.0.0.1/?code=x&state=y' }),
    ]
    return answers.map((it) => [it.status, it.text])
  }
  const there = await told(started.json.id)
  expect(there.map(([status]) => status)).toEqual([404, 404, 404])
  expect(there).toEqual(await told('flow_that_is_not_there'))
  expect((await other.call('POST', `/v1/flows/${started.json.id}/decide`, { choice: 'discard' })).status).toBe(403)
  const flow = await own.call('GET', `/v1/flows/${started.json.id}`)
  expect([flow.status, flow.json.state]).toEqual([200, 'waiting_for_person'])
  expect((await own.call('POST', `/v1/flows/${started.json.id}/cancel`)).json.state).toBe('cancelled')
})
