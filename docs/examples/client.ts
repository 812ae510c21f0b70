// The typed client (shared/client.ts) over the socket, which no other user of the machine can get to.
//
//   node docs/examples/client.ts [ACCOUNT [URL]]        practice:ada /api/me
//
// Needs a Node that reads TypeScript (24). The client does no I/O of its own: how a request travels is up to `transport`.
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ClientTransport, createClient } from '../../shared/client.ts'
import { LatchkeyError } from '../../shared/errors.ts'

const [account = 'practice:ada', url = '/api/me'] = process.argv.slice(2)
const keyFile = process.env.KEY_FILE ?? path.join(os.homedir(), '.latchkey-example-client.key')
// For a profile in its usual place on Linux; docs/local-api.md says where it is elsewhere.
const folder = process.env.LATCHKEY_HOME ?? path.join(process.env.XDG_RUNTIME_DIR ?? '', 'latchkey')

function readEndpoint(): { http: string; socket: string } {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'endpoint.json'), 'utf8'))
  } catch {
    console.error('Latchkey is not running.')
    process.exit(6)
  }
}
const { socket } = readEndpoint()

const transport: ClientTransport = ({ method, path: target, headers, body, timeout }) =>
  new Promise((resolve, reject) => {
    const options = { socketPath: socket, host: 'localhost', method, path: target, headers, timeout }
    const request = http.request(options, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text })).on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error('Latchkey did not answer in time.')))
    request.on('error', reject).end(body)
  })

const clientWith = (key?: string) => createClient({ transport, userAgent: 'client-example/1.0', key })

async function pair(): Promise<string> {
  const stranger = clientWith()
  const asked = await stranger.pair({
    name: 'Client example',
    purpose: 'Shows what the API answers.',
    wants: [{ account, rights: ['see', 'request'] }],
  })
  console.error(`Approve ${asked.code} in Latchkey, or with: latchkey pair approve ${asked.code}`)
  let seen = asked
  while (seen.state === 'waiting') {
    await wait(asked.interval * 1000)
    seen = await stranger.lookAtPairing(asked.id, asked.secret ?? '')
  }
  if (seen.key === undefined) throw new LatchkeyError('forbidden', `Access was not given: ${seen.state}.`)
  fs.writeFileSync(keyFile, seen.key, { mode: 0o600 })
  return seen.key
}

const exitCodes: Record<string, number> = { reauth_required: 3, forbidden: 4, unauthenticated: 4, locked: 5 }

try {
  const key = fs.existsSync(keyFile) ? fs.readFileSync(keyFile, 'utf8').trim() : await pair()
  const client = clientWith(key)
  const { alias, status } = await client.account(account)
  console.error(`${alias} is ${status.state}. ${status.reason}`)
  const answer = await client.request(account, { url })
  console.log(answer.status, answer.body ?? answer.body_base64)
} catch (error) {
  if (!(error instanceof LatchkeyError)) throw error
  console.error(error.message, error.details.action?.text ?? '')
  // Taken back, or expired: the next start asks anew.
  if (error.code === 'unauthenticated') fs.rmSync(keyFile, { force: true })
  process.exitCode = exitCodes[error.code] ?? 7
}
