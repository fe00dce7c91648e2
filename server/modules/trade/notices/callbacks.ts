// The vendors' doors: verify, keep, answer; the work comes after the answer.
import type { FastifyInstance } from 'fastify'
import type { GoodAlipayNotice } from '#gateways/alipay/shapes.ts'
import type { GoodDouyinCallback } from '#gateways/douyin/shapes.ts'
import { acceptPush, declinePush } from '#gateways/wechat/push.ts'
import type { GoodPush } from '#gateways/wechat/shapes.ts'
import type { GoodNotice } from '#gateways/wechatpay/shapes.ts'
import type { Ctx } from '#kernel/ctx.ts'
import { callbacksRefused } from '#kernel/metrics.ts'
import { ctxOf, type Serving } from '#kernel/serve.ts'
import { answerAsk } from '#modules/trade/douyin/actions.ts'
import { adviseApple, keepNotice, type News } from './actions.ts'

/** Bodies stay raw here: a signature covers bytes. */
export function mountCallbacks(app: FastifyInstance, serving: Serving): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 256 * 1024 }, (_request, body, done) => done(null, body))
  for (const path of ['/callbacks/wechatpay', '/callbacks/wechatpay/refunds']) mountWechatPay(app, serving, serving.prefix + path)
  mountWechatPush(app, serving, `${serving.prefix}/callbacks/wechat`)
  mountAlipay(app, serving, `${serving.prefix}/callbacks/alipay`)
  mountDouyin(app, serving, `${serving.prefix}/callbacks/douyin`)
}

function mountWechatPay(app: FastifyInstance, serving: Serving, url: string): void {
  app.post(url, { schema: { hide: true } }, async (request, reply) => {
    const ctx = ctxOf(request, serving)
    const notice = ctx.gateways.wechatPay.readNotice(request.headers, bytesOf(request.body))
    if (notice.kind === 'refused') {
      noteRefused(ctx, 'wechat_pay', notice)
      return reply.code(401).send({ code: 'FAIL', message: notice.reason })
    }
    await keepNotice(ctx, 'wechat_pay', notice.id, notice.event, newsOf(notice))
    return reply.code(200).send({ code: 'SUCCESS', message: '成功' })
  })
}

function newsOf(notice: GoodNotice): News {
  if (notice.kind === 'transaction') return { kind: 'transaction', transaction: notice.transaction }
  if (notice.kind === 'transfer') return { kind: 'transfer', outBillNo: notice.transfer.outBillNo }
  if (notice.kind === 'complaint') return { kind: 'complaint', complaint: notice.complaint }
  return notice.kind === 'refund' ? { kind: 'refund', refund: notice.refund } : { kind: 'other' }
}

function mountWechatPush(app: FastifyInstance, serving: Serving, url: string): void {
  app.get(url, { schema: { hide: true } }, async (request, reply) => {
    const echo = ctxOf(request, serving).gateways.wechat.echoOf(request.query as Record<string, unknown>)
    return echo === undefined ? reply.code(401).send('') : reply.type('text/plain').send(echo)
  })
  app.post(url, { schema: { hide: true } }, async (request, reply) => {
    const ctx = ctxOf(request, serving)
    const push = ctx.gateways.wechat.readPush(request.query as Record<string, unknown>, bytesOf(request.body))
    if (push.kind === 'refused') {
      noteRefused(ctx, 'wechat_push', push)
      const declined = declinePush('json')
      return reply.code(401).type(declined.type).send(declined.body)
    }
    await keepNotice(ctx, 'wechat_push', push.id, push.event, pushNewsOf(push))
    const accepted = push.kind === 'question' ? ctx.gateways.wechat.answerQuestion(push, await adviseApple(ctx, push.question)) : acceptPush(push.format)
    return reply.type(accepted.type).send(accepted.body)
  })
}

/** Alipay believes one word and no other. */
function mountAlipay(app: FastifyInstance, serving: Serving, url: string): void {
  app.post(url, { schema: { hide: true } }, async (request, reply) => {
    const ctx = ctxOf(request, serving)
    const notice = ctx.gateways.alipay.readNotice(bytesOf(request.body))
    if (notice.kind === 'refused') {
      noteRefused(ctx, 'alipay', notice)
      return reply.code(401).type('text/plain').send('fail')
    }
    await keepNotice(ctx, 'alipay', notice.id, notice.event, alipayNewsOf(notice))
    return reply.type('text/plain').send('success')
  })
}

function alipayNewsOf(notice: GoodAlipayNotice): News {
  if (notice.kind === 'trade') return { kind: 'trade', trade: notice.trade }
  return notice.kind === 'refund' ? { kind: 'refund', refund: { outTradeNo: notice.trade.outTradeNo, outRefundNo: notice.outRefundNo } } : { kind: 'other' }
}

function mountDouyin(app: FastifyInstance, serving: Serving, url: string): void {
  app.post(url, { schema: { hide: true } }, async (request, reply) => {
    const ctx = ctxOf(request, serving)
    const told = ctx.gateways.douyin.readCallback(request.headers, bytesOf(request.body))
    if (told.kind === 'refused') {
      noteRefused(ctx, 'douyin', told)
      return reply.code(401).send({ err_no: 1, err_tips: told.reason })
    }
    await keepNotice(ctx, 'douyin', told.id, told.event, douyinNewsOf(told))
    const data = told.kind === 'refund_ask' ? { data: answerAsk(told.ask) } : {}
    return reply.send({ err_no: 0, err_tips: 'success', ...data })
  })
}

/** Of a refund that failed there is nothing to tell: the sweep asks about those that we began. */
function douyinNewsOf(told: GoodDouyinCallback): News {
  if (told.kind === 'payment') return { kind: 'douyin', order: told.order }
  if (told.kind === 'refund_ask') return { kind: 'refund_ask', ask: told.ask }
  return told.kind === 'refund' && told.succeeded ? { kind: 'refund', refund: { outTradeNo: told.orderId, outRefundNo: told.outRefundNo } } : { kind: 'other' }
}

/** A right signature over what we cannot read is an alarm: the keys differ from the vendor's. Anything else is noise from strangers. */
function noteRefused(ctx: Ctx, source: string, refused: { reason: string; signature: 'valid' | 'invalid' }): void {
  const { reason, signature } = refused
  callbacksRefused.inc({ source, reason, signature })
  ctx.log[signature === 'valid' ? 'error' : 'warn']({ source, reason, signature }, "a vendor's push was refused")
}

function pushNewsOf(push: GoodPush): News {
  if (push.kind === 'deliver') return { kind: 'delivery', delivery: push.delivery }
  if (push.kind === 'question') return { kind: 'question', question: push.question }
  if (push.kind === 'receipt') return { kind: 'receipt', outTradeNo: push.receipt.outTradeNo }
  return push.kind === 'refund' ? { kind: 'virtual_refund', refund: push.refund } : { kind: 'other' }
}

function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}
