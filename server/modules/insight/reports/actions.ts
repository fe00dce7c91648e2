// Puts together what an operator should know when the day begins.
import type { Today } from '#contracts/reports.ts'
import { dayOf } from '#contracts/words/time.ts'
import { inTransaction, type Ctx } from '#kernel/ctx.ts'
import { isNamed, readSettings } from '#modules/academy/settings/actions.ts'
import { BEST_COURSES, DAYS_SHOWN, attentionTo, checklistOf, compare, daysBefore } from './rules.ts'
import { countWaiting, findBegun, listBestCourses, listDays, readOnly } from './store.ts'

export async function showToday(ctx: Ctx): Promise<Today> {
  const isPaymentConnected = ctx.gateways.wechatPay.isReady
  return inTransaction(ctx, async (ctx) => {
    await readOnly(ctx.db)
    const settings = await readSettings(ctx)
    const { zone } = settings
    const day = dayOf(ctx.now(), zone)
    const first = daysBefore(day, DAYS_SHOWN - 1)
    const days = await listDays(ctx.db, zone, first, day)
    const begun = await findBegun(ctx.db)
    return {
      day,
      zone,
      ...compare(days),
      days,
      attention: attentionTo(await countWaiting(ctx.db)),
      checklist: checklistOf({ ...begun, academy_named: isNamed(settings), payment_connected: isPaymentConnected }),
      bestCourses: await listBestCourses(ctx.db, zone, first, BEST_COURSES),
    }
  })
}
