import fs from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { newAuthority } from '../../doubles/certificates.ts'
import { type GitServer, startGitServer } from '../../doubles/git-server.ts'
import { freshFolder, latchkeyOnPath, run } from './support.ts'

/** A bare repository with one commit, behind https, whose certificate only `gitWith`'s git trusts. */
export async function gitWorld(
  accepts: (token: string) => Promise<boolean>,
  options: { plain?: true; challenge?: string } = {},
): Promise<{ server: GitServer; caFile: string }> {
  const root = freshFolder()
  const authority = await newAuthority()
  const caFile = path.join(root, 'ca.pem')
  fs.writeFileSync(caFile, authority.certificate)
  const env = quietGit(root)
  const work = path.join(root, 'work')
  await ok(run('git', ['init', '-q', '-b', 'main', work], { env }))
  fs.writeFileSync(path.join(work, 'notes.txt'), 'first\n')
  await ok(run('git', ['-C', work, 'add', '.'], { env }))
  await ok(run('git', ['-C', work, 'commit', '-q', '-m', 'First'], { env }))
  await ok(run('git', ['clone', '-q', '--bare', work, path.join(root, 'notes.git')], { env }))
  const server = await startGitServer({
    root,
    accepts,
    ...(options.plain ? {} : { tls: await authority.issue('forge', 'server') }),
    ...(options.challenge ? { challenge: options.challenge } : {}),
  })
  onTestFinished(() => server.close())
  return { server, caFile }
}

/** git as a person has it set up by docs/bridges.md: the helper for every host, a certificate to trust, no terminal. */
export function gitWith(home: string, caFile: string, options: { helper?: string } = {}) {
  const folder = freshFolder()
  const env = {
    ...quietGit(folder),
    PATH: `${latchkeyOnPath()}${path.delimiter}${process.env.PATH}`,
    LATCHKEY_HOME: home,
  }
  const config = (name: string, value: string) => run('git', ['config', '--global', '--add', name, value], { env })
  return {
    folder,
    env,
    config,
    async git(...args: string[]) {
      if (!fs.existsSync(path.join(folder, 'gitconfig'))) {
        await ok(config('http.sslCAInfo', caFile))
        await ok(config('credential.helper', options.helper ?? '!latchkey git-credential'))
      }
      return run('git', args, { env, cwd: folder })
    },
  }
}

const quietGit = (folder: string) => ({
  HOME: folder,
  GIT_CONFIG_GLOBAL: path.join(folder, 'gitconfig'),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
})

async function ok(running: ReturnType<typeof run>): Promise<void> {
  const { code, stderr } = await running
  if (code !== 0) throw new Error(stderr)
}
