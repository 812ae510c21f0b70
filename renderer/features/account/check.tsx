import { BadgeCheck, CircleAlert, CircleCheck } from 'lucide-react'
import type { Account } from '../../../shared/models.ts'
import { keys, useCall } from '../../app/queries.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Moment } from '../../components/time.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'

/** Asks the provider whether the account's token is good, and says what it answered. */
export function useCheck(account: Account) {
  const validate = useCall('accounts.validate', [keys.account(account.id), keys.accounts, keys.activity])
  return {
    isPending: validate.isPending,
    run: () =>
      validate.mutate(
        { account: account.id },
        {
          onSuccess: ({ validation }) => {
            const good = validation?.good ?? false
            tell(good ? t.lifecycle.check.doneGood : t.lifecycle.check.doneBad, good ? 'good' : 'bad')
          },
          onError: (error) => tell(errorOf(error).message, 'bad'),
        },
      ),
  }
}

/** The last answer to "is this token good?", and the way to ask again. */
export function Check({ account }: { account: Account }) {
  const texts = t.lifecycle.check
  const check = useCheck(account)
  const { validation } = account
  if (account.token === null && validation === null) return null
  const Sign = validation?.good ? CircleCheck : CircleAlert
  return (
    <section className="card pad stack" aria-labelledby="check">
      <div className="row between">
        <h2 id="check">{texts.title}</h2>
        <Button
          size="s"
          icon={BadgeCheck}
          isPending={check.isPending}
          isDisabled={account.token === null || account.status.state === 'disabled'}
          onPress={check.run}
        >
          {texts.now}
        </Button>
      </div>
      {validation ? (
        <div className="check-answer" aria-live="polite">
          <Sign size={16} aria-hidden className={validation.good ? 'good' : 'bad'} />
          <div className="grow">
            <p>
              {validation.good ? texts.good : texts.bad}
              <span className="faint">
                {' · '}
                <Moment at={validation.at} />
              </span>
            </p>
            <p className="muted small break">{validation.reason}</p>
          </div>
        </div>
      ) : (
        <p className="muted small">{texts.none}</p>
      )}
    </section>
  )
}
