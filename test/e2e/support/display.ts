import { type Child, start } from './children.ts'

/** A virtual X display under a number that is free. Nothing of the tests shows on the person's own. */
export async function startDisplay(options: string[] = []): Promise<{ name: string; stop(): Promise<void> }> {
  // -displayfd: the server picks the number and writes it there when it is ready.
  const server: Child = start('Xvfb', [
    '-displayfd',
    '1',
    '-screen',
    '0',
    '1600x1200x24',
    '-nolisten',
    'tcp',
    ...options,
  ])
  const [, number] = await server.says(/^(\d+)\n/m)
  return { name: `:${number}`, stop: server.stop }
}
