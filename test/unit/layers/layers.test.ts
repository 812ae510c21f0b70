import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../..')

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-layers-'))
afterAll(() => fs.rmSync(folder, { recursive: true }))

/** What the linter, with the project's rules, says of `source` if it stood in `file`. */
function lint(file: string, source: string): string {
  fs.copyFileSync(path.join(root, 'biome.json'), path.join(folder, 'biome.json'))
  fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true })
  fs.writeFileSync(path.join(folder, file), source)
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome')
  const run = spawnSync(process.execPath, [biome, 'lint', '--vcs-enabled=false', file], {
    cwd: folder,
    encoding: 'utf8',
  })
  return run.stdout + run.stderr
}

describe('layer rules', () => {
  const forbidden = [
    ['electron/platform/x.ts', '../services/ports.ts'],
    ['electron/platform/x.ts', '../vault/ports.ts'],
    ['electron/vault/x.ts', '../services/ports.ts'],
    ['electron/oauth/x.ts', '../api/server.ts'],
    ['electron/services/practice/x.ts', '../../api/server.ts'],
    ['electron/services/x.ts', '../shell/ipc-router.ts'],
    ['electron/services/x.ts', '../compose.ts'],
    ['electron/api/x.ts', '../vault/vault.ts'],
    ['electron/cli/x.ts', '../vault/vault.ts'],
    ['electron/services/x.ts', 'electron'],
    ['electron/headless.ts', 'electron'],
    ['shared/x.ts', '../electron/vault/ports.ts'],
    ['shared/x.ts', 'node:fs'],
    ['renderer/app/x.tsx', '../../electron/vault/ports.ts'],
    ['renderer/app/x.tsx', 'electron'],
  ]
  it.each(forbidden)('%s may not import %s, not even a type', (file, source) => {
    expect(lint(file, `import type { X } from '${source}'\nexport type Y = X\n`)).toContain('noRestrictedImports')
  })

  const allowed = [
    ['electron/services/x.ts', '../vault/ports.ts'],
    ['electron/shell/x.ts', 'electron'],
    ['electron/main.ts', 'electron'],
    ['electron/vault/x.ts', '../../shared/models.ts'],
    ['renderer/app/x.tsx', '../../shared/contract.ts'],
  ]
  it.each(allowed)('%s may import %s', (file, source) => {
    expect(lint(file, `import type { X } from '${source}'\nexport type Y = X\n`)).not.toContain('noRestrictedImports')
  })
})
