import type { Command } from 'commander'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'

export function addServe(program: Command, session: Session): void {
  teach(program.command('serve'), {
    examples: [
      ['latchkey serve', 'prints a link to its page that works once'],
      ['LATCHKEY_PASSPHRASE_FILE=secret.txt latchkey serve', 'unlocks the vault without asking'],
      ['latchkey --profile work serve', 'another profile beside the first one'],
    ],
  })
    .helpGroup('Latchkey itself:')
    .description('run the headless host here until Ctrl+C, and print the link to its page')
    .option('--memory', 'keep the vault in memory: everything is gone when it ends')
    .action(async ({ memory }: { memory?: boolean }) => {
      // Loaded only now: the host is a hundred times the size of the command line.
      const { serve } = await import('../../headless.ts')
      await serve(session.env, memory ? { memory } : {})
    })
}
