import type { Command } from 'commander'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { line } from '../text.ts'

export function addDemo(program: Command, session: Session): void {
  teach(program.command('demo'), {
    examples: [
      ['latchkey demo', 'half a minute, nothing stays'],
      ['latchkey demo --home ./practice-profile', 'keeps the profile to look at'],
    ],
    notes: [
      'It runs a host and a profile of its own, which are gone afterwards. --home DIR keeps the profile in DIR, protected by the passphrase "latchkey practice demo" unless LATCHKEY_PASSPHRASE_FILE names another. It ends with 0 when every step worked and with 1 when one did not.',
    ],
  })
    .helpGroup('Latchkey itself:')
    .description('show the main job unattended: connect a practice account, use it, let its token expire, use it again')
    .action(async () => {
      const { runDemo } = await import('../demo/demo.ts')
      const home = program.opts<{ home?: string }>().home
      const report = await runDemo({
        hostEntry: session.io.hostEntry,
        env: session.io.env,
        home,
        signal: session.io.signal,
        onStep: (step) => {
          if (session.json) return
          const mark = step.ok ? session.paint('green', '✓') : session.paint('red', '✗')
          session.io.stdout.write(`${mark} ${session.paint('bold', step.name)}\n`)
          for (const text of step.detail.split('\n')) session.io.stdout.write(`    ${line(text)}\n`)
        },
      })
      session.answer(report, () => (report.ok ? '\nThat is what Latchkey does. Start it with: npm start' : ''))
      if (!report.ok) process.exitCode = 1
    })
}
