// Run by electron-builder before it sets the fuses: takes out what lies in an unpacked Electron besides the app.
import fs from 'node:fs'
import path from 'node:path'

/**
 * An Electron that is laid out in a folder brings the app that it starts when it is given none, and so does whoever has
 * put one there. The packed app loads its archive alone; what could be loaded in its place does not go with it.
 */
export default function afterPack({ appOutDir, packager }) {
  const resources = packager.getResourcesDir(appOutDir)
  for (const name of ['default_app.asar', 'app']) {
    fs.rmSync(path.join(resources, name), { recursive: true, force: true })
  }
}
