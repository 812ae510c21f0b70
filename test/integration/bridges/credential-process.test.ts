import fs from 'node:fs'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { decodeJwt } from 'jose'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { registrationInputSchema } from '../../../shared/contract.ts'
import { startAuthorizationServer } from '../../doubles/authorization-server.ts'
import { newAuthority } from '../../doubles/certificates.ts'
import { connectPractice, type Host } from '../whole/host.ts'
import { connected, freshFolder, freshHost, hasProgram, latchkey, latchkeyOnPath, run } from './support.ts'

/** client.authentication.k8s.io/v1, as kubernetes.io documents it; RFC 3339 with the digits that Go reads. */
const execCredential = z.strictObject({
  apiVersion: z.enum(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']),
  kind: z.literal('ExecCredential'),
  status: z.strictObject({ token: z.string().min(1), expirationTimestamp: z.iso.datetime().optional() }),
})

/** The answer of an executable-sourced credential, as Google's libraries read it. */
const executableAnswer = z.strictObject({
  version: z.literal(1),
  success: z.literal(true),
  token_type: z.enum(['urn:ietf:params:oauth:token-type:jwt', 'urn:ietf:params:oauth:token-type:id_token']),
  id_token: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
  expiration_time: z.number().int(),
})

it('[F12] prints a token as plain JSON, with nothing else on either output', async () => {
  const host = await freshHost()
  const { alias } = await connectPractice(host)
  const token = await host.client.token(alias)
  const ran = await latchkey(host.home, ['credential-process', alias])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(ran.stdout)).toEqual({
    version: 1,
    access_token: token.access_token,
    token_type: 'Bearer',
    expires_at: token.expires_at,
    scopes: token.scopes,
  })
  // The provider's tokens live for five minutes.
  const longer = await latchkey(host.home, ['credential-process', alias, '--min-validity', '4000'])
  expect(longer).toMatchObject({ code: 2, stdout: '' })
})

it('[F12] prints what kubectl expects, in the version that it asks for', async () => {
  const host = await freshHost()
  const { alias } = await connectPractice(host)
  const { access_token: token, expires_at: end } = await host.client.token(alias)
  const args = ['credential-process', alias, '--format', 'kubernetes']
  const document = execCredential.parse(JSON.parse((await latchkey(host.home, args)).stdout))
  expect(document).toMatchObject({
    apiVersion: 'client.authentication.k8s.io/v1',
    status: { token, expirationTimestamp: end },
  })
  const info = { apiVersion: 'client.authentication.k8s.io/v1beta1', kind: 'ExecCredential', spec: {} }
  const asked = await latchkey(host.home, args, { env: { KUBERNETES_EXEC_INFO: JSON.stringify(info) } })
  expect(execCredential.parse(JSON.parse(asked.stdout)).apiVersion).toBe(info.apiVersion)
})

it.skipIf(!hasProgram('kubectl'))('[F12] kubectl signs in with it, set up as its lesson says', async () => {
  const host = await freshHost()
  const { alias } = await connectPractice(host)
  const folder = freshFolder()
  const authority = await newAuthority()
  const { certificate, privateKey } = await authority.issue('cluster', 'server')
  const seen: (string | undefined)[] = []
  const server = https.createServer({ cert: certificate, key: privateKey }, (request, response) => {
    seen.push(request.headers.authorization)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ major: '1', minor: '32', gitVersion: 'v1.32.0' }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  fs.writeFileSync(path.join(folder, 'ca.pem'), authority.certificate)
  const env = {
    PATH: `${latchkeyOnPath()}${path.delimiter}${process.env.PATH}`,
    LATCHKEY_HOME: host.home,
    HOME: folder,
    KUBECONFIG: path.join(folder, 'config'),
  }
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  for (const args of [
    ['set-cluster', 'here', `--server=${url}`, `--certificate-authority=${path.join(folder, 'ca.pem')}`],
    [
      'set-credentials',
      'me',
      '--exec-api-version=client.authentication.k8s.io/v1',
      '--exec-command=latchkey',
      '--exec-interactive-mode=Never',
      `--exec-arg=credential-process,${alias},--format,kubernetes`,
    ],
    ['set-context', 'here', '--cluster=here', '--user=me'],
    ['use-context', 'here'],
  ]) {
    expect(await run('kubectl', ['config', ...args], { env })).toMatchObject({ code: 0, stderr: '' })
  }
  const ran = await run('kubectl', ['get', '--raw', '/version'], { env })
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  expect(seen.at(-1)).toBe(`Bearer ${(await host.client.token(alias)).access_token}`)
})

it('[F12] gives Google a token that is a JWT, and says why it cannot when there is none', async () => {
  const host = await freshHost()
  const { alias } = await connectPractice(host)
  const args = (account: string) => ['credential-process', account, '--format', 'google']
  const refused = await latchkey(host.home, args(alias))
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toContain('no ID tokens')

  const account = await jwtAccount(host)
  const { access_token: token } = await host.client.token(account)
  const ran = await latchkey(host.home, args(account))
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const document = executableAnswer.parse(JSON.parse(ran.stdout))
  expect(document).toMatchObject({ token_type: 'urn:ietf:params:oauth:token-type:jwt', id_token: token })
  expect(Math.abs(document.expiration_time - (decodeJwt(token).exp ?? 0))).toBeLessThanOrEqual(2)
})

it('[F12] says why AWS cannot be served, and which formats there are', async () => {
  const host = await freshHost()
  const { alias } = await connectPractice(host)
  const aws = await latchkey(host.home, ['credential-process', alias, '--format', 'aws'])
  expect(aws).toMatchObject({ code: 2, stdout: '' })
  expect(aws.stderr).toContain('access key')
  const other = await latchkey(host.home, ['credential-process', alias, '--format', 'xml'])
  expect(other).toMatchObject({ code: 2, stdout: '' })
  expect(other.stderr).toContain('json, kubernetes, google')
})

/** An account whose access tokens are JWTs (RFC 9068). */
async function jwtAccount(host: Host): Promise<string> {
  const server = await startAuthorizationServer({
    accessTokenFormat: 'jwt',
    clientAuthentication: 'client_secret_post',
  })
  onTestFinished(() => server.close())
  const definition = server.definition({
    id: 'jwts',
    grants: ['client_credentials'],
    evidence: 'unverified',
    sign_in: { via: 'window' },
  })
  await host.latchkey.dispatch('providers.save', { definition }, { kind: 'owner' })
  await host.client.saveRegistration(
    registrationInputSchema.parse({
      provider_id: 'jwts',
      name: 'Mine',
      client_id: server.clientId,
      client_secret: server.clientSecret ?? '',
      client_authentication: 'client_secret_post',
      scopes: ['api'],
    }),
  )
  return connected(host, (await host.client.connect({ provider: 'jwts' })).id)
}
