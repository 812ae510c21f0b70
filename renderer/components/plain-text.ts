/** Control characters, and those that turn, hide or reorder the text around them; joiners that scripts need stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
const disturbing = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/g

/** What another program wrote, on one line, so that it cannot disguise the words beside it. */
export function plainLine(text: string): string {
  return text.replace(disturbing, ' ').replace(/ {2,}/g, ' ').trim()
}

/** The same inside a sentence: its direction does not reach the words around it (Unicode TR9, FSI and PDI). */
export const isolated = (text: string): string => `\u2068${plainLine(text)}\u2069`
