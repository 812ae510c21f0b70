import { defineConfig } from 'vitest/config'

const project = (name: string, testTimeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], testTimeout, hookTimeout: 60_000 },
})

export default defineConfig({
  test: {
    projects: [project('unit', 10_000), project('integration', 60_000), project('security', 60_000)],
    maxWorkers: 2,
  },
})
