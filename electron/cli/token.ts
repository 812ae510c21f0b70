import type { TokenInput } from '../../shared/client.ts'
import type { Session } from './session.ts'

/** An access token on standard output, alone; with --json all that goes with it. */
export async function printToken(account: string, input: TokenInput, session: Session): Promise<void> {
  const answer = await session.client.token(account, input)
  session.answer(answer, () => answer.access_token)
}
