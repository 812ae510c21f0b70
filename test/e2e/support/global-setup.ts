import { startDisplay } from './display.ts'
import { whyNoDesktop } from './requirements.ts'

/** One display for all tests; every test has its own profile, keyring and session bus. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  if (whyNoDesktop() !== null) return async () => undefined
  const display = await startDisplay()
  process.env.DISPLAY = display.name
  delete process.env.WAYLAND_DISPLAY
  return display.stop
}
