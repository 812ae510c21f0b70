import { focuses, type Kill, type Outcome, outcomes } from './job.ts'

const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |\n`

function rows(heads: string[], body: (string | number)[][]): string {
  return [heads, heads.map(() => '---'), ...body].map((cells) => row(...cells)).join('')
}

/** What came of a run, as Markdown: where the kills fell, and what was found after the restart. */
export function table({ seed, seconds, kills }: { seed: number; seconds: number; kills: Kill[] }): string {
  const kinds = [...new Set(kills.flatMap(({ underWay }) => underWay))].sort()
  const names = Object.keys(outcomes) as Outcome[]
  const count = (among: Kill[], outcome: Outcome) =>
    among.reduce((sum, kill) => sum + kill.outcomes.filter((it) => it === outcome).length, 0)
  const wrong = kills.filter(({ problems }) => problems.length > 0).length
  const line = (name: string, among: Kill[]) => [
    name,
    among.length,
    ...names.map((outcome) => count(among, outcome)),
    among.filter(({ problems }) => problems.length > 0).length,
  ]
  const byMoment = (name: string, test: (moment: string) => boolean) =>
    line(
      name,
      kills.filter(({ moment }) => test(moment)),
    )
  return [
    `${kills.length} kills, seed ${seed}, ${seconds} seconds; ${wrong} with a damaged vault or a silent loss.\n\n`,
    rows(
      ['Beside the refreshes', 'Kills', ...names, 'wrong'],
      [
        ...focuses.map((focus) =>
          line(
            focus === 'refresh' ? 'nothing' : focus,
            kills.filter((kill) => kill.focus === focus),
          ),
        ),
        line('all', kills),
      ],
    ),
    '\n',
    rows(
      ['Under way at the kill', 'Kills', ...names, 'wrong'],
      [
        ...kinds.map((kind) =>
          line(
            kind,
            kills.filter(({ underWay }) => underWay.includes(kind)),
          ),
        ),
        line(
          'nothing',
          kills.filter(({ underWay }) => underWay.length === 0),
        ),
      ],
    ),
    '\n',
    rows(
      ['Moment', 'Kills', ...names, 'wrong'],
      [
        byMoment('some milliseconds after its start', (it) => it.includes('its start')),
        byMoment('some milliseconds after it was ready', (it) => it.includes('it was ready')),
        byMoment('a request had reached the server', (it) => it.includes('reached')),
        byMoment('the server had done its work, unanswered', (it) => it.includes('done its work')),
      ],
    ),
    '\n',
    ...names.map((name) => `- **${name}**: ${outcomes[name]}.\n`),
  ].join('')
}
