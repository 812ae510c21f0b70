import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { freshHome, type Seen, standIn } from './stand-in.ts'
import { latchkey } from './terminal.ts'

const cli = path.join(import.meta.dirname, '../../../dist/cli.js')
const accounts = ['practice:ada', 'practice:grace', "Ada's work", 'bad\u001b[2J'].map((alias) => ({
  id: alias,
  alias,
  provider_name: 'Practice provider',
  status: { state: 'active' },
}))
const answers: Record<string, unknown> = {
  '/v1/accounts': accounts,
  '/v1/apps': [
    {
      name: 'Backup $(touch owned)',
      purpose: 'Copies',
      permissions: [{ id: 'perm_1', rights: ['see'], hosts: [], methods: [], path_prefix: null, until: null }],
    },
  ],
  '/v1/providers': [
    { id: 'github', name: 'GitHub' },
    { id: 'gitlab', name: 'GitLab' },
  ],
  '/v1/registrations': [{ id: 'reg_1', provider_id: 'github', name: 'Mine' }],
  '/v1/asks': [
    { code: 'WXYZ-2345', name: 'Backup', state: 'waiting' },
    { code: 'ABCD-2345', name: 'Old', state: 'denied' },
  ],
  '/v1/bindings': [{ host: 'api.github.com', account_id: 'practice:ada' }],
}
const host = (seen: Seen[] = []) =>
  standIn((it) => {
    seen.push(it)
    return { body: answers[it.path.split('?')[0] ?? ''] ?? {} }
  })

/** What bash offers for a line with the cursor at its end: one a line, as it would be inserted. */
async function inBash(line: string, home: string): Promise<string[]> {
  const folder = freshHome()
  fs.writeFileSync(path.join(folder, 'latchkey'), `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`, {
    mode: 0o755,
  })
  const { stdout: script } = await latchkey(home, ['completion', 'bash'])
  fs.writeFileSync(path.join(folder, 'completion'), script)
  fs.writeFileSync(path.join(folder, 'a file.txt'), '')
  // As readline does it: the words are broken at its own characters, of which : and = are words themselves.
  const driver = `set -u
source ./completion
COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=() COMP_CWORD=0
while IFS= read -r word; do COMP_WORDS+=("$word"); done < <(grep -oE '[:=]+|(\\\\.|[^[:space:]:=\\\\])+' <<< "$1")
if [[ $1 == *' ' ]]; then COMP_WORDS+=(''); fi
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
COMPREPLY=()
_latchkey
printf '%s\\n' \${COMPREPLY[@]+"\${COMPREPLY[@]}"}`
  const child = spawn('bash', ['--norc', '-c', driver, 'bash', line], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env.PATH}`, LATCHKEY_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  await new Promise((resolve) => child.once('close', resolve))
  expect(stderr).toBe('')
  expect(fs.existsSync(path.join(folder, 'owned'))).toBe(false)
  return stdout.split('\n').filter((it) => it !== '')
}

it('[F10] completes commands, options and choices in bash without asking anybody', async () => {
  const seen: Seen[] = []
  const home = await host(seen)
  expect(await inBash('latchkey acc', home)).toEqual(['accounts', 'account'])
  expect(await inBash('latchkey --json acc', home)).toEqual(['accounts', 'account'])
  expect(await inBash('latchkey pair a', home)).toEqual(['approve'])
  expect(await inBash('latchkey pair approve --acc', home)).toEqual(['--account'])
  expect(await inBash('latchkey token x --js', home)).toEqual(['--json'])
  expect(await inBash('latchkey connect github --via p', home)).toEqual(['paste'])
  expect(await inBash('latchkey connect github --via=p', home)).toEqual(['paste'])
  expect(await inBash('latchkey completion z', home)).toEqual(['zsh'])
  expect(await inBash('latchkey --key-file a', home)).toEqual(['a file.txt'])
  expect(seen).toEqual([])
})

it('[F10] completes accounts, apps, providers, registrations, codes and hosts in bash', async () => {
  const home = await host()
  expect(await inBash('latchkey token practice:g', home)).toEqual(['grace'])
  expect(await inBash('latchkey token pr', home)).toEqual(['practice:ada', 'practice:grace'])
  expect(await inBash('latchkey --home /nonexistent token pr', home)).toEqual([])
  expect(await inBash('latchkey activity --account=practice:a', home)).toEqual(['ada'])
  // Quoted as the shell needs it, and what cannot be typed is not offered.
  expect(await inBash('latchkey token A', home)).toEqual(["Ada\\'s\\ work"])
  expect(await inBash('latchkey token bad', home)).toEqual([])
  expect(await inBash('latchkey app revoke B', home)).toEqual(['Backup\\ \\$\\(touch\\ owned\\)'])
  expect(await inBash('latchkey app B', home)).toEqual(['Backup\\ \\$\\(touch\\ owned\\)'])
  expect(await inBash('latchkey connect git', home)).toEqual(['github', 'gitlab'])
  expect(await inBash('latchkey enable --registration r', home)).toEqual(['reg_1'])
  expect(await inBash('latchkey pair approve ', home)).toEqual(['WXYZ-2345'])
  expect(await inBash('latchkey permission change p', home)).toEqual(['perm_1'])
  expect(await inBash('latchkey unbind ', home)).toEqual(['api.github.com'])
  expect(await inBash('latchkey bind api.github.com practice:a', home)).toEqual(['ada'])
  // The second place of rename is a new alias, and no account.
  expect(await inBash('latchkey rename practice:ada pr', home)).toEqual([])
})

it('says nothing when Latchkey does not run, is locked, or is asked nonsense', async () => {
  const nothing = { code: 0, stdout: '', stderr: '' }
  expect(await latchkey(freshHome(), ['complete', '--', 'token', ''])).toEqual(nothing)
  const locked = await standIn(() => ({ status: 423, body: { error: { code: 'locked', message: 'Locked.' } } }))
  expect(await latchkey(locked, ['complete', '--', 'token', ''])).toEqual(nothing)
  expect(await latchkey(await host(), ['complete', '--', 'nosuch', '--bogus', ''])).toEqual(nothing)
  expect(await latchkey(await host(), ['complete'])).toEqual(nothing)
  // What a terminal would take for a command of its own can be typed by nobody.
  expect(await latchkey(await host(), ['complete', '--', 'token', 'bad'])).toEqual(nothing)
  expect((await latchkey(await host(), ['complete', '--', 'token', 'practice:a'])).stdout).toBe(
    'practice:ada\tPractice provider, active\n',
  )
})

it('prints the same commands and options for zsh and fish', async () => {
  const home = freshHome()
  const script = async (shell: string) => (await latchkey(home, ['completion', shell])).stdout
  const [bash, zsh, fish] = [await script('bash'), await script('zsh'), await script('fish')]
  expect(zsh).toMatch(/^#compdef latchkey\n/)
  const functions = (text: string) => [...text.matchAll(/^(_latchkey_\w+)\(\) \{\n.*?^\}/gms)].map((it) => it[0])
  // The tables are the same to the letter; only what drives them is each shell's own.
  const tables = functions(zsh)
  expect(tables).toHaveLength(5)
  for (const table of tables) expect(bash).toContain(table)
  // zsh takes a bare = at the beginning of a word for the path of a command.
  expect(zsh).not.toMatch(/^\s*=/m)
  const whole = JSON.parse((await latchkey(home, ['help', '--json'])).stdout)
  const all = (doc: typeof whole): (typeof whole)[] => [doc, ...doc.commands.flatMap(all)]
  for (const doc of all(whole)) {
    for (const { long } of doc.options) expect(fish).toContain(` -l ${long.slice(2)}`)
    for (const { path: words } of doc.commands) expect(fish).toContain(` -a '${words.at(-1)}' -d '`)
  }
  expect((await latchkey(home, ['completion', 'tcsh'])).code).toBe(2)
})
