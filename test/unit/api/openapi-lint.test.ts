import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, it } from 'vitest'
import { openApiDocument } from '../../../electron/api/openapi.ts'

const document = () => openApiDocument({ version: '1.2.3', http: 'http://127.0.0.1:47321' })

/** What the linter's recommended rules say, in words. */
async function complaints(source: Record<string, unknown>): Promise<string[]> {
  const config = await createConfig({
    extends: ['recommended'],
    rules: {
      // The address is that of this machine, which is the point of it.
      'no-server-example.com': 'off',
      // There is nobody to write to, and the licence is the app's.
      'info-license': 'off',
    },
  })
  const problems = await lintFromString({ source: JSON.stringify(source), absoluteRef: 'openapi.json', config })
  return problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer ?? ''} ${message}`)
}

it('[F10] the OpenAPI document has nothing that a linter complains of', async () => {
  expect(await complaints(document())).toEqual([])
})

it('the linter complains of a document that is wrong', async () => {
  const broken = document() as { paths: Record<string, Record<string, { operationId?: string }>> }
  const status = broken.paths['/v1/status']?.get
  if (status) delete status.operationId
  expect((await complaints(broken as never)).join('\n')).toContain('operation-operationId')
})
