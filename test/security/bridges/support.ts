import { latchkey, type Ran } from '../../integration/bridges/support.ts'

/** One call of git's to its helper, as raw as it is given. */
export const helper = (home: string, input: string, operation = 'get'): Promise<Ran> =>
  latchkey(home, ['git-credential', operation], { input })
