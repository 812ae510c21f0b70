import type { CommandDoc } from './model.ts'
import { flat } from './model.ts'

/** The table of all commands for docs/command-line.md. A test holds that page against it. */
export function commandTable(program: CommandDoc): string {
  const rows: string[] = []
  for (const group of new Set(program.commands.map((it) => it.group))) {
    rows.push(`| **${cell(group)}** | |`)
    for (const doc of program.commands.filter((it) => it.group === group).flatMap(flat)) rows.push(row(doc))
  }
  return ['| command | does |', '| --- | --- |', ...rows].join('\n')
}

/** The options that go with every command. */
export const globalTable = (program: CommandDoc): string =>
  [
    '| option | means |',
    '| --- | --- |',
    ...program.options.map((it) => `| \`${cell(it.flags)}\` | ${cell(it.description)} |`),
  ].join('\n')

function row(doc: CommandDoc): string {
  const usage = doc.usage.split('\n').map((line) => `\`${cell(line.trim())}\``)
  const options = doc.options.map((it) => `\`${cell(it.flags)}\` ${cell(it.description)}`)
  const more = options.length === 0 ? '' : `<br>${options.join('<br>')}`
  return `| ${usage.join('<br>')} | ${cell(doc.description)}${more} |`
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
