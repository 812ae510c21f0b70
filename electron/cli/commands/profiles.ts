import type { Command } from 'commander'
import { listProfiles } from '../../platform/profiles.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { table } from '../text.ts'

export function addProfiles(program: Command, session: Session): void {
  teach(program.command('profiles'), {
    examples: [
      ['latchkey profiles', 'the profiles of this user, and which of them run'],
      ['latchkey --profile work serve', 'start one; the first time it is made'],
      ['latchkey --profile work accounts', 'use it'],
    ],
    notes: [
      'A profile is a vault with settings, keys and addresses of its own. Nothing crosses from one to another, and several can run beside each other. Names have letters, digits, - and _.',
    ],
  })
    .helpGroup('Latchkey itself:')
    .description('list the profiles of this user')
    .action(() => {
      // Read from the disk: the others do not answer here, and this one need not run.
      const profiles = listProfiles(session.env)
      session.answer(profiles, () =>
        table(
          ['PROFILE', 'STATE', 'FOLDER'],
          profiles.map((it) => [`${it.name}${it.current ? ' *' : ''}`, it.running ? 'runs' : '–', it.home]),
          session.paint,
        ),
      )
    })
}
