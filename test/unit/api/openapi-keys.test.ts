import { expect, it } from 'vitest'
import { appMethods } from '../../../electron/api/openapi-operations.ts'
import { createAppDoor } from '../../../electron/services/apps/app-calls.ts'
import { contract, type Method } from '../../../shared/contract.ts'

it('[F11] the OpenAPI document says which calls a key of an app opens, as the services decide it', () => {
  // Nothing is asked of the gate until somebody enters.
  const door = createAppDoor({} as never)
  const open = (Object.keys(contract) as Method[]).filter(door.isOpen)
  expect([...appMethods].sort()).toEqual(open.sort())
})
