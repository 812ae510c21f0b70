import { expect, it } from 'vitest'
import { connectAs, realHost } from './host.ts'
import { latchkey } from './terminal.ts'

it('[D2] asks the provider whether a token is good, and says what it answered', async () => {
  const host = await realHost()
  await connectAs('ada', host)
  const run = (...args: string[]) => latchkey(host.home, args)

  const said = await run('validate', 'practice:ada')
  expect(said, said.stderr).toMatchObject({ code: 0, stderr: '' })
  expect(said.stdout).toMatch(/^practice:ada +active .*\n.*(accepts the token|is active)/)
  const account = JSON.parse((await run('validate', 'practice:ada', '--json')).stdout)
  expect(account).toMatchObject({ status: { state: 'active' }, validation: { good: true } })
  expect((await run('account', 'practice:ada')).stdout).toContain('Validated')
  expect((await run('validate', 'nobody')).code).toBe(2)
})
