import { expect, it } from 'vitest'
import { victim } from './support.ts'

it('[F1] PKCE with S256 is sent although the metadata says that only plain is known, or nothing at all', async () => {
  for (const methods of [['plain'], [], undefined]) {
    const { pending, server, answer, finish } = await victim({
      metadata: { code_challenge_methods_supported: methods },
    })
    const url = new URL(pending.authorizationUrl)
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    expect(url.searchParams.get('code_challenge')).toHaveLength(43)
    await finish(await answer())
    expect(server.last('token').parameters.code_verifier).toHaveLength(43)
  }
})
