import { ipcMain, type Rectangle } from 'electron'
import Store from 'electron-store'

/** What the desktop remembers outside the vault: nothing secret, nothing about any account. */
interface Remembered {
  window?: { bounds: Rectangle; maximized: boolean }
}

export type Preferences = Store<Remembered>

const pixels = { type: 'integer', minimum: -100_000, maximum: 100_000 } as const

/** Reads `preferences.json` in `folder`. A file that is damaged or has been edited into nonsense counts as empty. */
export function openPreferences(folder: string): Preferences {
  const store = new Store<Remembered>({
    name: 'preferences',
    cwd: folder,
    clearInvalidConfig: true,
    configFileMode: 0o600,
    schema: {
      window: {
        type: 'object',
        properties: {
          bounds: {
            type: 'object',
            properties: { x: pixels, y: pixels, width: pixels, height: pixels },
            required: ['x', 'y', 'width', 'height'],
          },
          maximized: { type: 'boolean' },
        },
        required: ['bounds', 'maximized'],
      },
    },
  })
  // The library answers any page that asks where the profile is. Pages have one channel, and this is not it.
  ipcMain.removeAllListeners('electron-store-get-data')
  return store
}
