import type { LocalApi } from '../../e2e/support/local-api.ts'

/** Pairs a program with the host, as any program does, and gives it what the measured calls need. Returns its key. */
export async function pairApp(api: LocalApi, account: string, apiPort: number): Promise<string> {
  const asked = await fetch(new URL('/v1/pair', api.http), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'Bench',
      purpose: 'Measures how fast it is.',
      wants: [{ account, rights: ['see', 'request', 'token'] }],
    }),
  })
  if (!asked.ok) throw new Error(`pairing: ${asked.status} ${await asked.text()}`)
  const { id, secret } = (await asked.json()) as { id: string; secret: string }
  await api.call('POST', `/v1/asks/${id}/approve`, {
    permissions: [
      {
        account,
        rights: ['see', 'request', 'token'],
        hosts: [`127.0.0.1:${apiPort}`],
        methods: ['GET', 'POST'],
        path_prefix: '/api',
      },
    ],
  })
  const answer = await fetch(new URL(`/v1/pair/${id}`, api.http), { headers: { authorization: `Bearer ${secret}` } })
  const { key } = (await answer.json()) as { key?: string }
  if (key === undefined) throw new Error(`pairing gave no key: ${answer.status}`)
  return key
}
