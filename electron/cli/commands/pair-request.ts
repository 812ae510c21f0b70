import fs from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Pairing, WantInput } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { rights } from '../../../shared/standards.ts'
import { Interrupted, UsageError } from '../errors.ts'
import { among, collect } from '../options.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'

interface RequestOptions {
  purpose: string
  want: string[]
  save?: string
}

/** For scripts: asks for access as any program would, and gives the key once. */
export function addPairRequest(pair: Command, session: Session): void {
  const request = pair
    .command('request')
    .argument('<name>', 'what the program is called')
    .requiredOption('--purpose <text>', 'what it is for, in a sentence that the person reads')
    .option('--want <want>', 'ACCOUNT:RIGHT,RIGHT, or RIGHT,RIGHT for any account; can be repeated', collect, [])
    .option('--save <file>', 'write the key into this new file, for you alone, instead of printing it')
    .description('ask for access for a script, wait for the person, and print its key once')
    .action(async (name: string, options: RequestOptions) => {
      // Before anybody is asked: a key that cannot be kept would be lost.
      const file = options.save === undefined ? null : newFile(options.save)
      try {
        const pairing = await paired(name, options, session)
        if (file !== null) fs.writeSync(file.descriptor, `${pairing.key}\n`)
        const { key, ...rest } = pairing
        session.answer(file === null ? pairing : { ...rest, saved: options.save }, () =>
          file === null ? (key ?? '') : '',
        )
        file?.close()
      } catch (error) {
        file?.remove()
        throw error
      }
    })
  teach(request, {
    examples: [
      [
        "latchkey pair request Backup --purpose 'Copies my mail' --want practice:ada:see,request --save backup.key",
        'asks, waits, and keeps the key in a file; then: latchkey --key-file backup.key request practice:ada GET /api/me',
      ],
    ],
    notes: [
      'It needs no key of its own. The code to compare is printed on standard error; the key is shown only once.',
    ],
  })
}

async function paired(name: string, { purpose, want }: RequestOptions, session: Session): Promise<Pairing> {
  const { client } = session.connect({ keyFile: null, userAgent: 'latchkey-pair-request' })
  const started = await client.pair({ name, purpose, wants: want.map(wantOf) })
  const { id, secret, code } = started
  if (secret === undefined) throw new LatchkeyError('internal', 'The answer to the pairing holds no secret.')
  session.note(`The code is ${code}. Approve it in Latchkey if it is the same there, or: latchkey pair approve ${code}`)
  for (let look = started; ; look = await client.lookAtPairing(id, secret)) {
    if (look.state === 'denied') throw new LatchkeyError('forbidden', 'The person said no.')
    if (look.state === 'expired') {
      throw new LatchkeyError('forbidden', 'Nobody answered in time.', { action: { text: 'Ask again.' } })
    }
    if (look.state === 'approved') {
      if (look.key !== undefined) return look
      throw new LatchkeyError('forbidden', 'Another program has collected the key.', {
        action: { text: 'Revoke it:', command: `latchkey app revoke ${look.app_id ?? name}` },
      })
    }
    await wait(started.interval * 1000, undefined, { signal: session.io.signal }).catch(() => {
      throw new Interrupted()
    })
  }
}

/** `practice:ada:see,request`: an account's name may hold colons itself, rights hold none. */
function wantOf(value: string): WantInput {
  const at = value.lastIndexOf(':')
  const wanted = among(rights, 'right')
  const named = { rights: wanted(value.slice(at + 1)), hosts: [], methods: [], path_prefix: null }
  return at < 1 ? named : { account: value.slice(0, at), ...named }
}

/** Made now, readable by nobody else, and never in the place of a file that is there. */
function newFile(name: string) {
  try {
    const descriptor = fs.openSync(name, 'wx', 0o600)
    const close = () => fs.closeSync(descriptor)
    return { descriptor, close, remove: () => [close(), fs.rmSync(name, { force: true })] }
  } catch (error) {
    throw new UsageError(`--save: ${(error as Error).message}`)
  }
}
