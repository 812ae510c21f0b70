// Loaded into Electron in front of the app: holds back its readiness until Playwright has attached, for a window that
// opens in between is sometimes never seen. Playwright brings a loader for this, which it uses where no executable is
// named; that one also chooses the password store for the app, and that choice is what these tests are about.
const { app } = require('electron')

const ready = app.whenReady()
let attach
const attached = new Promise((resolve) => {
  attach = resolve
})

app.whenReady = () => attached.then(() => ready)
globalThis.__playwright_run = attach
