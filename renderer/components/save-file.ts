/** How long the content stays: a save dialog may stand open for a while before it is read. */
const kept = 10 * 60_000

/** Hands text or bytes to the browser, or to the desktop's save dialog, as a file. */
export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), kept)
}
