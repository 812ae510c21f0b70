import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { headersOf, pageHeaders, pages, renderPage } from '../../../electron/redirects/pages.ts'

describe('the pages after a sign-in', () => {
  it('escapes what is written into them', () => {
    const html = renderPage({ mark: 'done', title: '<script>alert(1)</script>', text: `"a" & 'b'` })
    expect(html).not.toContain('<script')
    expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
    expect(html).toContain('&#34;a&#34; &#38; &#39;b&#39;')
  })

  it('allow by policy exactly the style they carry, and nothing else', () => {
    const style = renderPage(pages.done).match(/<style>([\s\S]*)<\/style>/)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(pageHeaders['content-security-policy']).toContain(`style-src 'sha256-${hash}'`)
    expect(pageHeaders['content-security-policy']).toContain("default-src 'none'")
  })

  it.each(Object.entries(pages))('load nothing and run nothing: %s', (_name, page) => {
    const html = renderPage(page)
    // One page hands over what no server is sent; the policy below names its script.
    expect(page === pages.relay ? html.replace(/<script>/, '') : html).not.toMatch(
      /<script|<link|<img|src=|url\(|href=| on\w+=/,
    )
    expect(html).toContain('prefers-color-scheme:dark')
    expect(html).toContain(`<h1>${page.title}</h1>`)
  })

  it('allow by policy exactly the script of the page that hands a fragment over, on that page alone', () => {
    const script = renderPage(pages.relay).match(/<script>([\s\S]*)<\/script>/)?.[1] ?? ''
    const hash = createHash('sha256').update(script).digest('base64')
    const policy = String(headersOf(pages.relay)['content-security-policy'])
    expect(policy).toContain(`script-src 'sha256-${hash}';`)
    expect(policy).toContain("form-action 'self'")
    for (const page of Object.values(pages).filter((it) => it !== pages.relay)) {
      expect(String(headersOf(page)['content-security-policy'])).not.toContain('script-src')
    }
  })
})
