import { type WebhookPreset, webhookSettingsSchema } from '../../../shared/contract-webhooks.ts'

/** What has to be done at every sender, for the same words. */
const address =
  'Let a tunnel or a reverse proxy with https lead to the address shown here, and enter its address there.'

const read_on = '2026-11-21'

/** Settings for senders whose documentation says how they sign, with where it says so. */
export const presets: readonly WebhookPreset[] = [
  {
    id: 'github',
    name: 'GitHub',
    setup_steps: [
      'Open the settings of the repository, organization or app, then Webhooks, and add one.',
      address,
      'Choose application/json, and enter a long random secret there and here.',
    ],
    settings: webhookSettingsSchema.parse({
      verification: {
        kind: 'hmac',
        algorithm: 'sha256',
        encoding: 'hex',
        header: 'X-Hub-Signature-256',
        prefix: 'sha256=',
      },
      parser: {
        event_type: ['{header:X-GitHub-Event}.{body:action}', '{header:X-GitHub-Event}'],
        event_id: ['{header:X-GitHub-Delivery}'],
        subject: ['{body:repository.full_name}', '{body:organization.login}', '{body:sender.login}'],
        time: ['{body:head_commit.timestamp}', '{body:pull_request.updated_at}', '{body:issue.updated_at}'],
      },
    }),
    sources: [
      {
        url: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
        read_on,
        facts: 'X-Hub-Signature-256 is `sha256=` and the HMAC hex digest of the body with the secret. No timestamp.',
      },
      {
        url: 'https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers',
        read_on,
        facts: 'X-GitHub-Event names the event, X-GitHub-Delivery the delivery.',
      },
    ],
  },
  {
    id: 'slack',
    name: 'Slack',
    setup_steps: [
      'Open the app at api.slack.com and copy its signing secret from Basic Information to here.',
      address,
      'Enter it as the request URL under Event Subscriptions. Slack checks it at once.',
    ],
    settings: webhookSettingsSchema.parse({
      verification: {
        kind: 'hmac',
        algorithm: 'sha256',
        encoding: 'hex',
        header: 'X-Slack-Signature',
        prefix: 'v0=',
        signed: 'v0:{timestamp}:{body}',
        timestamp: { header: 'X-Slack-Request-Timestamp' },
        tolerance: 300,
      },
      challenge: { kind: 'body', path: 'type', equals: 'url_verification', answer: 'challenge' },
      parser: {
        event_type: ['{body:event.type}', '{body:command}', '{body:type}'],
        event_id: ['{body:event_id}', '{body:trigger_id}'],
        subject: ['{body:event.channel}', '{body:channel.id}', '{body:team_id}'],
        time: ['{body:event_time}'],
      },
    }),
    sources: [
      {
        url: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
        read_on,
        facts:
          'X-Slack-Signature is `v0=` and the hex HMAC-SHA256 of `v0:timestamp:body`; older than five minutes is a replay.',
      },
      {
        url: 'https://docs.slack.dev/reference/events/url_verification',
        read_on,
        facts:
          'The request URL is verified with a `url_verification` event, whose `challenge` is answered in plain text.',
      },
    ],
  },
  {
    id: 'stripe',
    name: 'Stripe',
    setup_steps: [
      'Open Webhooks in the Stripe dashboard and add a destination.',
      address,
      'Copy its signing secret (whsec_…) to here.',
    ],
    settings: webhookSettingsSchema.parse({
      verification: {
        kind: 'hmac',
        algorithm: 'sha256',
        encoding: 'hex',
        header: 'Stripe-Signature',
        separator: ',',
        prefix: 'v1=',
        signed: '{timestamp}.{body}',
        timestamp: { prefix: 't=' },
        tolerance: 300,
      },
      parser: {
        event_type: ['{body:type}'],
        event_id: ['{body:id}'],
        subject: ['{body:data.object.id}', '{body:related_object.id}'],
        time: ['{body:created}'],
      },
    }),
    sources: [
      {
        url: 'https://docs.stripe.com/webhooks#verify-manually',
        read_on,
        facts:
          'Stripe-Signature is `t=…,v1=…`, with several v1 while the secret changes; signed is `timestamp.body` with HMAC-SHA256, in hex.',
      },
      {
        url: 'https://github.com/stripe/stripe-node/blob/master/src/Webhooks.ts',
        read_on,
        facts: 'The libraries allow 300 seconds; the secret is used as it is written, `whsec_` included.',
      },
    ],
  },
  {
    id: 'microsoft-graph',
    name: 'Microsoft Graph',
    setup_steps: [
      address,
      'Enter a long random secret here, and give the same as clientState when you create the subscription.',
      'Create the subscription with that address as notificationUrl: Microsoft checks it at once.',
    ],
    settings: webhookSettingsSchema.parse({
      verification: { kind: 'token', body: 'value[].clientState' },
      challenge: { kind: 'query', parameter: 'validationToken' },
      parser: {
        event_type: ['{body:value[0].lifecycleEvent}', '{body:value[0].changeType}'],
        subject: ['{body:value[0].resource}', '{body:value[0].subscriptionId}'],
      },
    }),
    sources: [
      {
        url: 'https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks',
        read_on,
        facts:
          'The notification URL is validated by a POST with validationToken in the query, answered decoded as text/plain with 200 within 10 s. Each item of `value` brings the clientState, which has to match. A 2xx is wanted within 3 s.',
      },
    ],
  },
  {
    id: 'google',
    name: 'Google (Calendar, Drive and others)',
    setup_steps: [
      address,
      'Enter a long random secret here, and give the same as token when you call the watch method.',
      'The first message has the type “sync”: it says that the channel works.',
    ],
    settings: webhookSettingsSchema.parse({
      verification: { kind: 'token', header: 'X-Goog-Channel-Token' },
      parser: {
        event_type: ['{header:X-Goog-Resource-State}'],
        event_id: ['{header:X-Goog-Channel-ID}:{header:X-Goog-Message-Number}'],
        subject: ['{header:X-Goog-Resource-URI}', '{header:X-Goog-Resource-ID}'],
      },
    }),
    sources: [
      {
        url: 'https://developers.google.com/workspace/calendar/api/guides/push',
        read_on,
        facts:
          'X-Goog-Channel-Token holds the token of the watch request; X-Goog-Channel-ID and X-Goog-Message-Number name the message, X-Goog-Resource-State what happened. The body may be empty.',
      },
    ],
  },
]
