import { powerMonitor } from 'electron'
import type { PowerEvents } from '../platform/power.ts'

/** Electron tells of a locked screen on macOS and Windows alone (electronjs.org/docs/latest/api/power-monitor). */
export function electronPower(): PowerEvents {
  return {
    onSuspend(listener) {
      powerMonitor.on('suspend', listener)
      return () => void powerMonitor.off('suspend', listener)
    },
    onResume(listener) {
      powerMonitor.on('resume', listener)
      return () => void powerMonitor.off('resume', listener)
    },
    onScreenLock(listener) {
      powerMonitor.on('lock-screen', listener)
      return () => void powerMonitor.off('lock-screen', listener)
    },
  }
}
