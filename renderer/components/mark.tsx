import { Fingerprint, KeyRound, Waypoints } from 'lucide-react'
import type { CSSProperties } from 'react'
import './mark.css'

/** Hues of the providers that ship, set far apart; any other takes one from its id. */
const hues: Record<string, number> = {
  google: 28,
  microsoft: 240,
  github: 300,
  'openid-connect': 172,
  oauth2: 62,
  practice: 205,
}
const letters: Record<string, string> = { github: 'Gh' }

export function hueOf(id: string): number {
  const known = hues[id]
  if (known !== undefined) return known
  let hash = 7
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360
  return hash
}

/** One or two letters that stand for a name in any script. */
export function monogram(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = [...(words[0] ?? '')][0] ?? '?'
  const second = words.length > 1 ? ([...(words[1] ?? '')][0] ?? '') : ''
  return (first + second).toLocaleUpperCase()
}

function Sign({ id, name }: { id: string; name: string }) {
  if (id === 'practice') return <Waypoints aria-hidden />
  if (/oidc|openid/.test(id)) return <Fingerprint aria-hidden />
  if (/^oauth/.test(id)) return <KeyRound aria-hidden />
  return <span aria-hidden>{letters[id] ?? monogram(name)}</span>
}

/** A provider's mark: our own letters or sign on its colour. Nobody's logo. */
export function Mark({ id, name, size = 36 }: { id: string; name: string; size?: 20 | 28 | 36 | 48 }) {
  return (
    <span className={`mark size-${size}`} style={{ '--hue': hueOf(id) } as CSSProperties}>
      <Sign id={id} name={name} />
    </span>
  )
}

/** The mark of Latchkey itself. */
export function Latch({ size = 28 }: { size?: number }) {
  return (
    <svg className="latch" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8.5" className="latch-plate" />
      <path d="M16 6.5a6 6 0 0 0-2.7 11.36L12 25.5h8l-1.3-7.64A6 6 0 0 0 16 6.5Z" className="latch-key" />
      <circle cx="16" cy="12.4" r="2.15" className="latch-plate" />
    </svg>
  )
}
