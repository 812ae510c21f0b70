import { createHash } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'

/** The plain pages that a browser shows after a sign-in: nothing loaded, nothing of the request repeated, no script but one. */

export interface Page {
  mark: 'done' | 'stopped'
  title: string
  text: string
}

export const pages = {
  done: { mark: 'done', title: 'You can close this page', text: 'Latchkey has the answer and takes it from here.' },
  declined: {
    mark: 'stopped',
    title: 'You can close this page',
    text: 'The provider did not allow the sign-in. Latchkey says why, and what to try next.',
  },
  notUnderWay: {
    mark: 'stopped',
    title: 'This answer does not belong to a sign-in under way',
    text: 'Nothing was changed. Start the sign-in again in Latchkey, and use the page that it opens.',
  },
  used: {
    mark: 'stopped',
    title: 'This answer was already used',
    text: 'An answer counts once. You can close this page.',
  },
  notFound: { mark: 'stopped', title: 'Nothing here', text: 'This address only receives the answer of a sign-in.' },
  wrongHost: {
    mark: 'stopped',
    title: 'Wrong address',
    text: 'Latchkey answers only under the exact address that it gave to the provider.',
  },
  wrongMethod: { mark: 'stopped', title: 'This is not how an answer comes', text: 'Nothing was changed.' },
  wrongOrigin: { mark: 'stopped', title: 'This answer comes from another page', text: 'Nothing was changed.' },
  wrongType: { mark: 'stopped', title: 'This is not a form', text: 'Nothing was changed.' },
  tooLarge: { mark: 'stopped', title: 'This answer is too large', text: 'Nothing was changed.' },
  relay: {
    mark: 'done',
    title: 'One moment',
    text: 'Handing the answer to Latchkey. If this page stays, copy its address and paste it into Latchkey.',
  },
} as const satisfies Record<string, Page>

const style = `
:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--line:#dfe3e8;--text:#16191d;--soft:#565e69;--done:#1a7f4b;--stopped:#9a5b00}
@media (prefers-color-scheme:dark){:root{--ground:#111418;--card:#1a1e24;--line:#2c323a;--text:#eef1f4;--soft:#a3acb8;--done:#57c98b;--stopped:#e0a44a}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:26rem;padding:32px;background:var(--card);border:1px solid var(--line);border-radius:16px;text-align:center}
svg{width:48px;height:48px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.done{color:var(--done)}.stopped{color:var(--stopped)}
h1{margin:16px 0 8px;font-size:1.25rem;line-height:1.3}
p{margin:0;color:var(--soft);text-wrap:balance}
`

const marks = {
  done: '<path d="m8 12.5 2.7 2.7L16 9.8"/>',
  stopped: '<path d="M12 7.5v5.5M12 16.5h.01"/>',
} satisfies Record<Page['mark'], string>

/**
 * Hands the fragment, which no server is sent (RFC 3986 3.5), to the listener that this page came from, and takes it out
 * of the address bar and the history first.
 */
const relayScript = `
const fragment = location.hash.slice(1)
history.replaceState(null, '', location.pathname)
const form = document.createElement('form')
form.method = 'post'
form.hidden = true
const field = document.createElement('input')
field.name = 'fragment'
field.value = fragment
form.append(field)
document.body.append(form)
form.submit()
`

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Headers of every page: kept nowhere, framed by nobody, its address (which may hold a code) told to nobody. */
export const pageHeaders: OutgoingHttpHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy': `default-src 'none'; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
}

/** Of the page with the script. Its form has to say where it comes from, which `no-referrer` would keep from it. */
const relayHeaders: OutgoingHttpHeaders = {
  ...pageHeaders,
  'referrer-policy': 'same-origin',
  'content-security-policy': `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(relayScript)}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
}

export function headersOf(page: Page): OutgoingHttpHeaders {
  return page === pages.relay ? relayHeaders : pageHeaders
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

export function renderPage(page: Page): string {
  const { mark, title, text } = page
  const script = page === pages.relay ? `<script>${relayScript}</script>\n` : ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} - Latchkey</title>
<style>${style}</style>
</head>
<body>
<main>
<svg class="${mark}" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9.5"/>${marks[mark]}</svg>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
</main>
${script}</body>
</html>
`
}
