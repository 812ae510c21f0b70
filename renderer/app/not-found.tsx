import { Compass } from 'lucide-react'
import { Empty } from '../components/empty.tsx'
import { t } from '../texts.ts'
import { href, paths } from './routes.ts'

export function NotFound({ title, text }: { title?: string; text?: string }) {
  return (
    <div className="page">
      <Empty page icon={Compass} title={title ?? t.common.notFoundTitle}>
        <p>{text ?? t.common.notFoundText}</p>
        <a href={href(paths.accounts)} className="button plain m">
          {t.common.toAccounts}
        </a>
      </Empty>
    </div>
  )
}
