import { readDocument, readPath } from '../../providers/answer-mapping.ts'

/** A request to an endpoint as it came. Header names are in lower case, each once. */
export interface Arrival {
  method: string
  query: URLSearchParams
  headers: Readonly<Record<string, string>>
  body: Buffer
}

/** The same, to be read by templates. */
export interface Delivery extends Arrival {
  /** The body as JSON or as a form; null when it is neither. */
  document: unknown
  contentType: string
}

export function readArrival(arrival: Arrival): Delivery {
  const contentType = mediaType(arrival.headers['content-type'])
  return { ...arrival, contentType, document: documentOf(contentType, arrival.body) }
}

function documentOf(contentType: string, body: Buffer): unknown {
  const document = body.length === 0 ? null : readDocument({ contentType, body: body.toString('utf8') })
  // GitHub and Slack can send their JSON as the field `payload` of a form.
  const payload = contentType.endsWith('x-www-form-urlencoded') ? readPath(document, 'payload') : undefined
  if (typeof payload !== 'string') return document
  return readDocument({ contentType: 'application/json', body: payload }) ?? document
}

const mediaType = (header: string | undefined) => (header ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
