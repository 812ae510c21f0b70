import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge } from '../../shared/contract.ts'

/** All that the page gets of Electron: one call and one stream of events. Built as CommonJS for the sandbox. */
const bridge: Bridge = {
  call: (method, input) => ipcRenderer.invoke('latchkey:call', method, input),
  onEvent(listener) {
    // The Electron event itself holds the sender, which the page must not get.
    const forward = (_event: unknown, data: unknown) => listener(data)
    ipcRenderer.on('latchkey:event', forward)
    return () => ipcRenderer.off('latchkey:event', forward)
  },
}

contextBridge.exposeInMainWorld('latchkey', bridge)
