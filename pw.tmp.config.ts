import { defineConfig } from '@playwright/test'

/** The whole app from outside: the desktop in Electron, and the headless host in a browser. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  globalSetup: './test/e2e/support/global-setup.ts',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1,
  // A test that passes the second time has found something.
  retries: 0,
  forbidOnly: process.env.CI === 'true',
  // Traces and videos would keep what is typed and answered, secrets included.
  use: { trace: 'off', video: 'off', screenshot: 'off' },
  reporter: [['list'], ['json', { outputFile: '/tmp/r.json' }]],
  projects: [
    { name: 'electron', testMatch: '_tmp/**/*.spec.ts' },
    { name: 'headless', testMatch: 'headless/**/*.spec.ts' },
  ],
})
