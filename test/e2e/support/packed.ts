import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { start } from './children.ts'
import { root } from './requirements.ts'

/** The app as `npm run dist` packs it, in a folder of this test's own. */
export interface Packed {
  /** The executable. */
  file: string
  resources: string
  archive: string
  remove(): void
}

export async function packApp(): Promise<Packed> {
  const output = mkdtempSync(path.join(os.tmpdir(), 'lk-packed-'))
  const remove = () => rmSync(output, { recursive: true, force: true })
  const packing = start(process.execPath, [path.join(root, 'tools/dist.mjs'), `-c.directories.output=${output}`])
  if ((await packing.ended) !== 0) {
    remove()
    throw new Error(`npm run dist failed:\n${packing.output()}`)
  }
  const folder = path.join(output, 'linux-unpacked')
  const resources = path.join(folder, 'resources')
  return { file: path.join(folder, 'latchkey'), resources, archive: path.join(resources, 'app.asar'), remove }
}

/** The one addon without which the app does not start. */
export const sqliteAddon = `node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`

/**
 * An Electron that ELECTRON_OVERRIDE_DIST_PATH names may be older than the addon's published binary asks for. It then
 * brings a binary of its own, which takes the published one's place, for the test alone.
 */
export function useAddonOfElectron({ resources }: Packed): void {
  const own = path.join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '', 'better-sqlite3.node')
  if (!process.env.ELECTRON_OVERRIDE_DIST_PATH || !existsSync(own)) return
  const packed = path.join(resources, 'app.asar.unpacked', sqliteAddon)
  // Not written over: the packer may have made a link of it to the one in node_modules.
  rmSync(packed)
  copyFileSync(own, packed)
}

/** How many pixels of each colour (`rrggbb`) the display shows, out of what Xvfb writes with `-fbdir` (XWDFile.h). */
export function coloursOf(framebuffers: string): Map<string, number> {
  const file = readFileSync(path.join(framebuffers, 'Xvfb_screen0'))
  const field = (index: number) => file.readUInt32BE(index * 4)
  const [headerSize, width, height, bits, lineBytes, colours] = [0, 4, 5, 11, 12, 19].map(field) as number[]
  if (bits !== 32) throw new Error(`The display has ${bits} bits a pixel.`)
  const counts = new Map<string, number>()
  const pixels = (headerSize ?? 0) + (colours ?? 0) * 12
  for (let y = 0; y < (height ?? 0); y++) {
    for (let x = 0; x < (width ?? 0); x++) {
      const colour = (file.readUInt32LE(pixels + y * (lineBytes ?? 0) + x * 4) & 0xffffff).toString(16).padStart(6, '0')
      counts.set(colour, (counts.get(colour) ?? 0) + 1)
    }
  }
  return counts
}
