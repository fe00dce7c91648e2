// Reading and changing the settings and agreements of the academy.
import { marked } from 'marked'
import sanitize from 'sanitize-html'
import type { AcademySettings, Agreement } from '#contracts/academy.ts'
import { instant } from '#contracts/words/time.ts'
import { inTransaction, type TxCtx } from '#kernel/ctx.ts'
import { refuse } from '#kernel/refuse.ts'
import { audit } from '#modules/academy/audit/actions.ts'
import { defaultSettings, hasOwnName, isZone } from './rules.ts'
import { findAgreement, findSettings, insertAgreement, listAgreements, upsertSettings, type KeptAgreement, type Kind } from './store.ts'

export async function readSettings(ctx: TxCtx): Promise<AcademySettings> {
  return { ...defaultSettings, ...(await findSettings(ctx.db)) }
}

export function isNamed(settings: AcademySettings): boolean {
  return hasOwnName(settings)
}

export async function changeSettings(ctx: TxCtx, settings: AcademySettings): Promise<AcademySettings> {
  if (!isZone(settings.zone)) refuse('request.invalid', { in: 'body', field: 'zone', problem: 'is not a time zone' })
  return inTransaction(ctx, async (ctx) => {
    const before = await readSettings(ctx)
    await upsertSettings(ctx.db, settings, ctx.now())
    await audit(ctx, { action: 'academy.changed', subject: 'academy', before, after: settings })
    return settings
  })
}

export async function agreementInForce(ctx: TxCtx, kind: Kind): Promise<KeptAgreement | undefined> {
  return findAgreement(ctx.db, kind)
}

export async function showAgreement(ctx: TxCtx, kind: Kind): Promise<Agreement> {
  return shown((await findAgreement(ctx.db, kind)) ?? refuse('thing.not_found', { what: 'agreement' }))
}

export async function listInForce(ctx: TxCtx) {
  const agreements = await listAgreements(ctx.db)
  return { items: agreements.map(({ effectiveAt, ...agreement }) => ({ ...agreement, effectiveAt: instant(effectiveAt) })) }
}

export async function publishAgreement(ctx: TxCtx, text: { kind: Kind; title: string; markdown: string }): Promise<Agreement> {
  return inTransaction(ctx, async (ctx) => {
    const agreement = await insertAgreement(ctx.db, { ...text, effectiveAt: ctx.now() })
    await audit(ctx, { action: 'agreement.published', subject: text.kind, before: null, after: { version: agreement.version, title: text.title } })
    return shown(agreement)
  })
}

function shown(agreement: KeptAgreement): Agreement {
  const html = sanitize(marked.parse(agreement.markdown, { async: false }))
  return { kind: agreement.kind, version: agreement.version, title: agreement.title, html, effectiveAt: instant(agreement.effectiveAt) }
}
