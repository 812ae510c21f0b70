import { createHash } from 'node:crypto'
import { Html, html } from './html.ts'
import { allPeople, type Person } from './people.ts'
import { style } from './style.ts'

/** The pages of the practice provider: forms that work without a script, and say what a real provider's would. */

const scopeTexts: Record<string, string> = {
  openid: 'Know which practice account you use',
  profile: 'See your name and user name',
  email: 'See your email address',
  offline_access: 'Stay connected while you are not there',
}

const styleHash = createHash('sha256').update(style).digest('base64')

/**
 * Headers for every page. Browsers hold redirects after a form against `form-action` too, so the origin that the answer
 * goes back to has to be named (CSP Level 3, 6.4.2).
 */
export function pageHeaders(redirectUri?: string): Record<string, string> {
  const back = redirectUri !== undefined && URL.canParse(redirectUri) ? ` ${new URL(redirectUri).origin}` : ''
  return {
    'content-security-policy':
      `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'${back}; ` +
      "base-uri 'none'; frame-ancestors 'none'",
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  }
}

/** Which account? One click: the people are made up and have no password. */
export function signInPage(options: { action: string; client: string; hint: string | undefined }): string {
  const people = allPeople()
  const suggested = people.find((person) => person.id === options.hint || person.email === options.hint)
  const ordered = suggested ? [suggested, ...people.filter((person) => person !== suggested)] : people
  return page(
    'Choose an account',
    html`<h1>Choose an account</h1>
<p class="lead">to continue to <strong>${options.client}</strong></p>
<form method="post" action="${options.action}">
<ul class="people">${ordered.map(
      (person) =>
        html`<li><button class="person" name="account" value="${person.id}">${personCard(person)}</button></li>`,
    )}</ul>
<div class="actions"><button name="decision" value="deny">Cancel</button></div>
</form>`,
  )
}

/** May it? What is asked for, in words, and where the answer goes. */
export function consentPage(options: {
  action: string
  client: string
  person: Person
  scopes: string[]
  redirectUri: string
  switchUrl: string
}): string {
  return page(
    `Allow ${options.client}?`,
    html`<h1>${options.client} asks for access to your practice account</h1>
<p class="lead">You can take it back at any time.</p>
<div class="person">${personCard(options.person)}<a href="${options.switchUrl}" aria-label="Switch account">Switch</a></div>
<ul class="scopes" aria-label="${options.client} will be able to">${options.scopes.map(
      (scope) => html`<li>${tick}<span>${scopeTexts[scope] ?? scope}</span></li>`,
    )}</ul>
<p class="note">You will be sent back to <strong>${new URL(options.redirectUri).host}</strong>, which is a program on this computer.</p>
<form method="post" action="${options.action}">
<div class="actions">
<button name="decision" value="deny">Deny</button>
<button class="go" name="decision" value="allow">Allow</button>
</div>
</form>`,
  )
}

export function problemPage(error: string, description: string | undefined): string {
  return page(
    'This sign-in cannot go on',
    html`<h1>This sign-in cannot go on</h1>
<p class="lead">Close this page and start again in the program that sent you here.</p>
<p class="note"><code>${error}</code>${description ? html` ${description}` : null}</p>`,
  )
}

export function homePage(issuer: string): string {
  return page(
    'Practice provider',
    html`<h1>It is running</h1>
<p class="lead">This is Latchkey's practice provider: a real authorization server with a small API, for learning and testing.</p>
<p class="note">Issuer <strong>${issuer}</strong><br>
<a href="/.well-known/openid-configuration">Its discovery document</a></p>`,
  )
}

function personCard(person: Person): Html {
  return html`<span class="face ${person.id}" aria-hidden="true">${person.givenName.charAt(0)}</span>
<span><b>${person.name}</b><small>${person.email}</small></span>`
}

const tick = html`<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><circle cx="10" cy="10" r="8"/><path d="m6.5 10.2 2.4 2.4 4.6-5"/></svg>`

const mark = html`<svg viewBox="0 0 28 28" fill="none" aria-hidden="true"><rect width="28" height="28" rx="8" fill="currentColor" opacity=".16"/><path d="M9 20V8.5h6a4.2 4.2 0 0 1 0 8.4h-3" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>`

function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Practice</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<p class="brand">${mark}<span>Practice</span></p>
${body}
</main>
<footer>Ada and Grace are made up, so there is no password. Nothing leaves this computer.</footer>
</body>
</html>
`.text
}
