/**
 * Loads oidc-provider on first use, so that start-up does not pay for it.
 *
 * It was written for Node 22 and says so on the console, also in Electron, whose release name it does not know. All
 * that it misses on Node 20 is `URL.parse` (URL Standard 6.1), which is put there; the remark is left out, everything
 * else that is said meanwhile goes through.
 */
export function loadLibrary(): Promise<typeof import('oidc-provider')> {
  loading ??= load()
  return loading
}

let loading: Promise<typeof import('oidc-provider')> | undefined

async function load() {
  if (!('parse' in URL)) Object.defineProperty(URL, 'parse', { value: parse, configurable: true, writable: true })
  const { warn } = console
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn.apply(console, words)
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}

function parse(url: string, base?: string): URL | null {
  return URL.canParse(url, base) ? new URL(url, base) : null
}
