import type { Warning } from '../../shared/contract-records.ts'
import { unreachableCovers } from '../providers/check-covers.ts'
import type { Definition } from '../providers/definition.ts'

/** What a definition may say but should not where it can be avoided. */
export function ownWarnings(definition: Definition): Warning[] {
  const { name, api } = definition
  const [unreachable, ...more] = unreachableCovers(definition)
  const others = more.length === 0 ? '' : ` So it is with ${more.length} more.`
  return [
    ...(api.query_parameter === undefined
      ? []
      : [
          {
            field: 'api.query_parameter',
            message: `Access tokens of ${name} stand in the URLs of its requests. Servers and proxies on the way write URLs down, and the token with them. Use this only where the API takes the token nowhere else (RFC 6750 2.3).`,
          },
        ]),
    ...(unreachable === undefined
      ? []
      : [
          {
            field: unreachable[0],
            message: `${unreachable[1]}, so nobody can tell by it whether the scope is used.${others}`,
          },
        ]),
  ]
}
