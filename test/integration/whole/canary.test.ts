import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../../../electron/platform/clock.ts'
import { createLogger } from '../../../electron/platform/logger.ts'
import { passphraseGuard } from '../../../electron/vault/passphrase-guard.ts'
import { openVault } from '../../../electron/vault/vault.ts'
import { connectPractice, type Host, passphrase, startHost } from './host.ts'

/** The ways in which a secret could be lying in a file. */
function spellings(secret: string): string[] {
  return [
    secret,
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('hex'),
  ]
}

/** Every file below `folder` that holds one of the secrets, in any spelling. */
function findSecrets(folder: string, secrets: string[]): string[] {
  const needles = secrets.flatMap(spellings)
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return []
    const file = path.join(entry.parentPath, entry.name)
    const bytes = fs.readFileSync(file)
    return needles.some((needle) => bytes.includes(needle)) ? [path.relative(folder, file)] : []
  })
}

/** What the vault holds of the account, opened as the host would. */
async function tokensOf(host: Host, accountId: string): Promise<string[]> {
  const vault = openVault({
    file: host.paths.vault,
    clock: systemClock,
    logger: createLogger({ file: null, level: 'error' }),
  })
  await vault.unlock(passphraseGuard(passphrase))
  const tokens = vault.tokens.get(accountId)
  vault.close()
  if (!tokens?.refreshToken || !tokens.idToken) throw new Error('the practice account has all three tokens')
  return [tokens.accessToken, tokens.refreshToken, tokens.idToken]
}

it('[F14] leaves no secret in any file of the profile', async () => {
  const secrets = [passphrase]
  let host = await startHost()
  const { home } = host
  const { id } = await connectPractice(host)
  secrets.push((await host.client.token(id)).access_token)
  await host.client.request(id, { url: '/api/echo?x=1', method: 'POST', body: 'hello' })
  await host.close()
  secrets.push(...(await tokensOf(host, id)))

  host = await startHost(home)
  await host.client.refresh(id)
  await host.client.request(id, { url: '/api/me' })
  await expect(host.client.request(id, { url: 'https://elsewhere.example/' })).rejects.toThrow()
  secrets.push((await host.client.token(id)).access_token)
  // While it runs, the write-ahead log is there to be searched too.
  expect(findSecrets(home, secrets)).toEqual([])
  await host.close()
  secrets.push(...(await tokensOf(host, id)))
  expect(new Set(secrets).size).toBe(7)
  expect(findSecrets(home, secrets)).toEqual([])

  // The search finds what is there: each secret planted in each spelling.
  for (const spelling of secrets.flatMap(spellings)) {
    fs.writeFileSync(path.join(home, 'planted'), `noise ${spelling} noise`)
    expect(findSecrets(home, secrets)).toEqual(['planted'])
  }
  fs.rmSync(home, { recursive: true })
})
