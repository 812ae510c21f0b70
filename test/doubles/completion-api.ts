import type { RequestListener } from 'node:http'
import { json, text } from './repository-api.ts'

/** An API in the manner of those for language models: answers as JSON or as events, and takes files. */
export function completionApi(token: string): RequestListener {
  return async (request, response) => {
    const { authorization } = request.headers
    if (authorization !== `Bearer ${token}`) return json(response, 401, { error: { message: 'No such key.' } })
    if (request.url === '/v1/models') {
      return json(response, 200, {
        object: 'list',
        data: [{ id: 'echo', object: 'model', created: 0, owned_by: 'us' }],
      })
    }
    if (request.url === '/v1/files') {
      const body = await text(request)
      const filename = /filename="([^"]+)"/.exec(body)?.[1]
      return json(response, 200, { id: 'file-1', object: 'file', filename, bytes: body.length, purpose: 'batch' })
    }
    if (request.url === '/v1/files/file-1/content') return void response.end('the content')
    if (request.url !== '/v1/chat/completions') return json(response, 404, { error: { message: 'No such call.' } })
    const wanted = JSON.parse(await text(request)) as { stream?: boolean; messages: { content: string }[] }
    const words = (wanted.messages.at(-1)?.content ?? '').split(' ')
    const head = { id: 'one', created: 0, model: 'echo' }
    if (!wanted.stream) {
      const message = { role: 'assistant', content: words.join(' ') }
      const choices = [{ index: 0, message, finish_reason: 'stop' }]
      return json(response, 200, { ...head, object: 'chat.completion', choices })
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const word of words) {
      const choices = [{ index: 0, delta: { content: word }, finish_reason: null }]
      response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices })}\n\n`)
    }
    return void response.end('data: [DONE]\n\n')
  }
}
