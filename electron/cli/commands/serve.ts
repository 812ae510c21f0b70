import type { Command } from 'commander'
import type { Session } from '../session.ts'

export function addServe(program: Command, session: Session): void {
  program
    .command('serve')
    .helpGroup('Latchkey itself:')
    .description('run the headless host here until Ctrl+C, and print the link to its page')
    .action(async () => {
      // Loaded only now: the host is a hundred times the size of the command line.
      const { serve } = await import('../../headless.ts')
      await serve(session.env)
    })
}
