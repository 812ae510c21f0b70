/** Takes no room or turns what stands around it about: bidirectional controls, joiners, fillers, tags (Unicode TR36 3). */
const invisible = /[\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]/gu
const breaks = /[\p{Cc}\p{Zl}\p{Zp}\p{Zs}\s]+/gu
/** More marks on one letter than any language has: they would be drawn over the lines above and below. */
const heaped = /(\p{M}{4})\p{M}+/gu

/**
 * A stranger's text as it may be shown to a person: one line, nothing that is invisible, that turns the direction of
 * writing or that covers its neighbours, and at most `longest` characters. May be empty then.
 */
export function plainText(text: string, longest: number): string {
  const visible = text.normalize('NFC').replace(breaks, ' ').replace(invisible, '').replace(heaped, '$1')
  return [...visible.replace(/ {2,}/g, ' ').trim()].slice(0, longest).join('').trim()
}
