import { ExternalLink } from 'lucide-react'
import { useMemo } from 'react'
import { renderSVG } from 'uqr'
import type { Flow } from '../../../shared/models.ts'
import { CopyButton, CopyLine } from '../../components/copy.tsx'
import { t } from '../../texts.ts'
import './device.css'

/** The device authorization grant (RFC 8628 3.3): the code, where it is entered, and the same for a phone's camera. */
export function Device({ device }: { device: NonNullable<Flow['device']> }) {
  const texts = t.grants.device
  const { user_code: code, verification_uri: address } = device
  const whole = device.verification_uri_complete ?? address
  const picture = useMemo(
    () => `data:image/svg+xml,${encodeURIComponent(renderSVG(whole, { border: 2, pixelSize: 4 }))}`,
    [whole],
  )
  return (
    <section className="device" aria-label={texts.title}>
      <div className="stack grow">
        <p className="muted">{texts.lead}</p>
        <div className="stack tight">
          <p className="field-label">{texts.address}</p>
          <CopyLine text={address} label={texts.address} />
        </div>
        <div className="stack tight">
          <p className="field-label">{texts.code}</p>
          <output className="device-code" dir="ltr">
            {code}
          </output>
        </div>
        <div className="row wrap">
          <a href={whole} target="_blank" rel="noreferrer" className="button primary m">
            <ExternalLink size={16} aria-hidden />
            <span className="button-text">{texts.open}</span>
            <span className="hidden-text">{t.common.opensBrowser}</span>
          </a>
          <CopyButton text={code}>{texts.copy}</CopyButton>
        </div>
        <p className="faint small">{texts.check}</p>
      </div>
      <figure className="device-picture">
        <img src={picture} alt={texts.qr} width={148} height={148} />
        <figcaption className="faint small">{texts.scan}</figcaption>
      </figure>
    </section>
  )
}
