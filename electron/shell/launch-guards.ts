import { app } from 'electron'
import { refusedSwitches } from './refused-switches.ts'

/**
 * Ends a packed app that is started with a switch which takes its protection off. From a checkout they are how it is
 * tested. Call before anything else: nothing has been loaded or opened by then.
 */
export function refuseSwitches(): void {
  if (!app.isPackaged) return
  const refused = refusedSwitches.find((name) => app.commandLine.hasSwitch(name))
  if (refused === undefined) return
  console.error(`latchkey: Latchkey does not start with --${refused}: it would take off its protection.`)
  process.exit(1)
}
