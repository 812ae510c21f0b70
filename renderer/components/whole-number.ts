/** A whole number between the two, or null. Spaces and commas between the digits are the person's own. */
export function wholeNumber(text: string, from: number, to: number): number | null {
  const digits = text.replace(/[\s,]/g, '')
  if (!/^\d{1,9}$/.test(digits)) return null
  const number = Number(digits)
  return number >= from && number <= to ? number : null
}
