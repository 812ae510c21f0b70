import { useInfo, useProfiles } from '../../app/queries.ts'
import { CopyLine } from '../../components/copy.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { t } from '../../texts.ts'

/** The other vaults of this user, and how to start one. */
export function Profiles() {
  const texts = t.protection.profiles
  const profiles = useProfiles()
  const desktop = useInfo().data?.host === 'desktop'
  return (
    <section className="card pad stack" aria-labelledby="profiles">
      <div>
        <h2 id="profiles">{texts.title}</h2>
        <p className="muted small">{texts.help}</p>
      </div>
      {profiles.isError && <ErrorNote error={profiles.error} />}
      {profiles.data && (
        <ul className="vault-list" aria-label={texts.list}>
          {profiles.data.map(({ name, home, current, running }) => (
            <li key={home}>
              <div className="grow">
                <div className="vault-name break">
                  {name}
                  {current && <span className="chip accent">{texts.current}</span>}
                  <span className={running ? 'chip good' : 'chip'}>{running ? texts.running : texts.stopped}</span>
                </div>
                <p className="faint small break">
                  <code dir="ltr">{home}</code>
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
      <div className="stack tight">
        <p className="muted small">{texts.how}</p>
        <CopyLine text={texts.command} label={texts.how} />
        {desktop && <p className="muted small">{texts.app}</p>}
      </div>
    </section>
  )
}
