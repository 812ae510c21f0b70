#!/usr/bin/env node
// Sends a signed request as a program with a key of its own: Node 20, nothing installed.
//
//   node signed-request.mjs [ACCOUNT [METHOD [URL]]]        practice:ada GET /api/me
//
// The first time it asks for access and shows a code; approve it in Latchkey, or with `latchkey pair approve CODE`.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const [account = 'practice:ada', method = 'GET', url = '/api/me'] = process.argv.slice(2)
const { env, platform } = process
const keyFile = env.KEY_FILE ?? path.join(os.homedir(), '.latchkey-example-node.key')

// As the command line has them.
const exitCodes = { reauth_required: 3, forbidden: 4, destination_not_allowed: 4, unauthenticated: 4, locked: 5 }

/** Where Latchkey writes, at each start, at which address it is. */
function folder() {
  const home = os.homedir()
  if (env.LATCHKEY_HOME) return env.LATCHKEY_HOME
  if (platform === 'win32') return path.join(env.APPDATA, 'Latchkey')
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Latchkey')
  if (env.XDG_RUNTIME_DIR) return path.join(env.XDG_RUNTIME_DIR, 'latchkey')
  return path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'Latchkey')
}

function notRunning() {
  console.error('Latchkey is not running.')
  process.exit(6)
}

let api
try {
  api = JSON.parse(fs.readFileSync(path.join(folder(), 'endpoint.json'), 'utf8')).http
} catch {
  notRunning()
}

/** One call. Ends the program with the API's own words when it is refused. */
async function call(verb, at, { key, body } = {}) {
  const headers = { 'user-agent': 'node-example/1.0' }
  if (key) headers.authorization = `Bearer ${key}`
  if (body) headers['content-type'] = 'application/json'
  const sent = fetch(api + at, { method: verb, headers, body: body && JSON.stringify(body) })
  const answer = await sent.catch(notRunning)
  const json = await answer.json()
  if (answer.ok) return json
  const { code, message, action } = json.error
  // `forbidden`: the person has been asked, try again once they have decided. `reauth_required`: they have to sign in.
  console.error(message, action?.text ?? '')
  // Taken back, or expired: the next start asks anew.
  if (code === 'unauthenticated') fs.rmSync(keyFile, { force: true })
  process.exit(exitCodes[code] ?? 7)
}

async function pair() {
  const wants = [{ account, rights: ['see', 'request'] }]
  const body = { name: 'Node example', purpose: 'Shows what the API answers.', wants }
  const { id, code, secret, interval } = await call('POST', '/v1/pair', { body })
  console.error(`Approve ${code} in Latchkey, or with: latchkey pair approve ${code}`)
  let seen
  do {
    await wait(interval * 1000)
    seen = await call('GET', `/v1/pair/${id}`, { key: secret })
  } while (seen.state === 'waiting')
  if (seen.key === undefined) {
    console.error(`Access was not given: ${seen.state}.`)
    process.exit(4)
  }
  // This answer alone has the key. Nobody else may read the file.
  fs.writeFileSync(keyFile, seen.key, { mode: 0o600 })
  return seen.key
}

const key = fs.existsSync(keyFile) ? fs.readFileSync(keyFile, 'utf8').trim() : await pair()
const at = `/v1/accounts/${encodeURIComponent(account)}/request`
const { status, body, body_base64 } = await call('POST', at, { key, body: { method, url } })
// What the API answered, whatever it was.
console.log(status, body ?? body_base64)
