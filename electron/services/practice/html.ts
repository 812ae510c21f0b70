/** HTML that is safe to put into a page: literal text of a template, or values escaped by it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Escapes every value but `Html` and lists of it; `null` and `false` come out as nothing. */
export function html(
  strings: TemplateStringsArray,
  ...values: (Html | Html[] | string | number | null | false)[]
): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(write)))
}

function write(value: Html | Html[] | string | number | null | false): string {
  if (value === null || value === false) return ''
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map((it) => it.text).join('')
  return String(value).replace(/[&<>"']/g, (character) => escapes[character] ?? '')
}
