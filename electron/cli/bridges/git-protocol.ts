import { UsageError } from '../errors.ts'

/**
 * What git and its credential helpers say to each other: git-credential(1), “Input/output format”. Lines of
 * `key=value`, ended by an empty line or the end. Values are bytes as they are: no quoting, no newline, no NUL.
 */
export interface CredentialRequest {
  protocol: string
  /** With its port, if there is one. */
  host: string
  username: string | null
  /** With `erase`: what was refused. `credential` takes its place where the helper answered with an `authtype`. */
  password: string | null
  /** What this git understands beyond user names and passwords: `authtype`, `state`. */
  capabilities: string[]
  /** The challenges of the server (RFC 9110 11.6.1), from git 2.41 on. */
  challenges: string[]
}

/** Far more than git ever sends. */
export const longestRequest = 65_536

const single = ['protocol', 'host', 'path', 'username', 'password', 'credential'] as const
type Single = (typeof single)[number]

/**
 * Unknown keys are left aside, as git says that they must. Refused is whatever git itself never sends and an address made
 * to deceive could (CVE-2020-5260, CVE-2024-52006): a value said twice, a carriage return, a NUL.
 */
export function parseRequest(input: Buffer): CredentialRequest {
  if (input.length > longestRequest) throw new UsageError('This is too long to be a request of git’s.')
  const found = new Map<Single, string>()
  const capabilities: string[] = []
  const challenges: string[] = []
  const set = (key: Single, value: string) => {
    if (found.has(key)) throw new UsageError(`git’s request says “${key}” twice. Nothing is answered to it.`)
    found.set(key, value)
  }
  // Only at line feeds: what takes a carriage return for the end of a line can be told of another host.
  for (const line of input.toString('utf8').split('\n')) {
    if (line === '') break
    const at = line.indexOf('=')
    if (at < 1) throw new UsageError('git’s request holds a line that is not key=value.')
    const key = line.slice(0, at)
    const value = line.slice(at + 1)
    refuseControls(key, value)
    if (key === 'url') setUrl(value, set)
    else if (key === 'capability[]') gather(capabilities, value)
    else if (key === 'wwwauth[]') gather(challenges, value)
    else if (single.includes(key as Single)) set(key as Single, value)
  }
  return {
    protocol: found.get('protocol') ?? '',
    host: found.get('host') ?? '',
    username: found.get('username') || null,
    password: found.get('password') || found.get('credential') || null,
    capabilities,
    challenges,
  }
}

/** “An empty multi-valued attribute acts to clear any previous entries.” */
function gather(list: string[], value: string): void {
  if (value === '') list.length = 0
  else list.push(value)
}

function setUrl(value: string, set: (key: Single, value: string) => void): void {
  if (!URL.canParse(value)) throw new UsageError('git’s request holds a url that is none.')
  const url = new URL(value)
  set('protocol', url.protocol.slice(0, -1))
  set('host', url.host)
  for (const key of ['username', 'password'] as const) {
    if (url[key] === '') continue
    const text = decode(url[key])
    refuseControls(key, text)
    set(key, text)
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new UsageError('git’s request holds a url that cannot be decoded.')
  }
}

function refuseControls(key: string, value: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(value)) {
    throw new UsageError(`git’s request holds a control character in “${key.slice(0, 40)}”. Nothing is answered to it.`)
  }
}

/** The answer to `get`. A value that would be read as another line is an error, whoever it came from. */
export function answerText(attributes: [key: string, value: string][]): string {
  for (const [key, value] of attributes) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u001f\u007f]/.test(value)) throw new UsageError(`The ${key} holds what cannot be said to git.`)
  }
  return attributes.map(([key, value]) => `${key}=${value}\n`).join('')
}
