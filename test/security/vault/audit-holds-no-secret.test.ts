import fs from 'node:fs'
import { expect, it } from 'vitest'
import { app, audited } from '../../unit/services/audit-support.ts'

/** Each looks like what it is; none may be found again anywhere. */
const secrets = {
  query: 'ya29.A0ARrdaM-canary0Query7Kd93LxPq',
  path: 'gho_16C7e42F292c6912E7710canary0Path47',
  fragment: 'eyJhbGciOiJSUzI1NiJ9.eyJjYW5hcnkiOiJmcmFnbWVudCJ9.c2lnbmF0dXJlMTIz',
  sentence: 'xoxb-17653672481-canary9Q2w7E4r6T8y1U3i5',
  bearer: 'canaryB34r3rT0k3nV4lu3Zx81',
  host: 'canary0H05t7Kd93LxPq2v8Wn4Zb6',
  header: 'canary-passw0rd-1f8D3k',
}

it('[F14] no token, secret or query string of a request ends in activity, sums, export or file', async () => {
  const { vault, file, audit, use, ada } = await audited()
  const url = new URL(
    `https://${secrets.host}.github.com/hooks/${secrets.path}/x?access_token=${secrets.query}&plain=canary-word#${secrets.fragment}`,
  )
  use({
    url,
    caller: app('app_1', 'Mail'),
    summary: `GET ${url.href}: Bearer ${secrets.bearer} was refused`,
    error: `connect ${url.href} with password=${secrets.header} and ${secrets.sentence}`,
    status: undefined,
  })
  use({ url, summary: `GET ${url.host}${url.pathname}: ${secrets.sentence}` })
  use({ url: new URL(`https://api.github.com/${secrets.path}`) })

  const entries = vault.activity.list({ limit: 9 })
  const exported = [...audit.export({})].join('')
  const usage = audit.usage(ada, 30)
  expect(exported.split('\n')).toHaveLength(4)
  expect(usage.users).toHaveLength(2)
  const seen = [JSON.stringify([entries, usage, vault.activity.usage('acc_1', 0)]), exported]
  vault.close()
  const stored = fs
    .readdirSync(file.replace(/vault\.db$/, ''))
    .map((name) => fs.readFileSync(file.replace(/vault\.db$/, name), 'latin1'))
  for (const [name, secret] of [...Object.entries(secrets), ['word', 'canary-word']] as const) {
    for (const text of [...seen, ...stored]) expect(text.toLowerCase().includes(secret.toLowerCase()), name).toBe(false)
  }
})

it('[F14] what is no secret is still told', async () => {
  const { audit, use, list } = await audited()
  use({ url: new URL('https://api.github.com/repos/octo/hello/issues/7?page=2') })
  audit.flush()
  expect(list()).toMatchObject([
    {
      summary: 'GET api.github.com/repos/octo/hello/issues/7: 200 OK',
      detail: { host: 'api.github.com', path: '/repos/octo/hello/issues/7' },
    },
  ])
})
