import type { FastifyReply, FastifyRequest } from 'fastify'

/** The most that the contract gives at once (accountsInputSchema). */
const most = 1000

/**
 * Answers one page of a list, with the address of the next one in `Link` (RFC 8288 3) when there is one. Its entries
 * have ids, and `after` in the input is the id of the last one before the page.
 */
export async function answerPage(
  request: FastifyRequest,
  reply: FastifyReply,
  input: Record<string, unknown>,
  ask: (input: Record<string, unknown>) => Promise<unknown>,
): Promise<unknown> {
  const { limit } = input
  if (typeof limit !== 'number') return await ask(input)
  // One more than wanted tells whether there are more; where that would be too many, one that follows does.
  const atOnce = limit > 0 && limit < most
  const found = (await ask(atOnce ? { ...input, limit: limit + 1 } : input)) as { id: string }[]
  const page = found.slice(0, limit)
  const last = page.at(-1)
  if (last === undefined || page.length < limit) return page
  const more = atOnce ? found.length > limit : ((await ask({ limit: 1, after: last.id })) as unknown[]).length > 0
  if (more) {
    const query = new URLSearchParams({ limit: String(limit), after: last.id })
    reply.header('link', `<${request.url.split('?', 1)[0]}?${query}>; rel="next"`)
  }
  return page
}
