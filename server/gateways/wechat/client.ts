// The WeChat open platform for one mini program: sign-in, phone, code pictures, messages, pushes and virtual payment.
import { randomBytes } from 'node:crypto'
import { fieldsOf, filledText, textOf, type Fields } from '../fields.ts'
import { done, notConfigured, unknown, type Answer } from '../wire.ts'
import { openCoins } from './coins.ts'
import { readAesKey } from './envelope.ts'
import { openPlatform, type Platform } from './platform.ts'
import { echoOf, readPush, sealAnswer, writeAdvice, type PushKeys } from './push.ts'
import type { CodePicture, Login, SubscribeMessage, Wechat, WechatConfig } from './shapes.ts'
import { openShipments } from './shipments.ts'
import { openVirtualPayment } from './virtual.ts'

/** Throws when the push key is malformed. Without appid and secret it opens a gateway that refuses every call. */
export function openWechat(config: WechatConfig, now: () => Date): Wechat {
  const isReady = config.appid !== '' && config.secret !== ''
  const platform = isReady ? openPlatform(config, now) : closedPlatform()
  const keys = readPushKeys(config)
  return {
    isReady,
    appid: config.appid,
    exchangeLogin: (code) => exchangeLogin(platform, config, code),
    exchangePhone: (code) => exchangePhone(platform, code),
    drawCode: (ask) => drawCode(platform, ask),
    sendMessage: (message) => sendMessage(platform, message),
    echoOf: (query) => echoOf(config.pushToken, query),
    readPush: (query, body) => (keys === undefined ? { kind: 'refused', reason: 'not_configured', signature: 'invalid' } : readPush(keys, query, body, now())),
    answerQuestion(push, advice) {
      if (keys === undefined) throw new Error('message push has no keys in the configuration')
      return sealAnswer(keys, push.format, writeAdvice(push.format, advice), String(Math.floor(now().getTime() / 1000)), randomBytes(8).toString('hex'))
    },
    virtual: openVirtualPayment(config, platform),
    coins: openCoins(config, platform),
    shipments: openShipments(platform, config.appid),
  }
}

function readPushKeys(config: WechatConfig): PushKeys | undefined {
  if (config.pushToken === '' || config.pushAesKey === '' || config.appid === '') return undefined
  return { token: config.pushToken, aesKey: readAesKey(config.pushAesKey), appid: config.appid }
}

function closedPlatform(): Platform {
  const refuse = async () => notConfigured('the WeChat open platform')
  return { get: refuse, post: refuse }
}

async function exchangeLogin(platform: Platform, config: WechatConfig, code: string): Promise<Answer<Login>> {
  const query = new URLSearchParams({ appid: config.appid, secret: config.secret, js_code: code, grant_type: 'authorization_code' })
  const answer = await platform.get(`/sns/jscode2session?${query}`)
  if (answer.outcome !== 'done') return answer
  const [openid, sessionKey] = [filledText(answer.value, 'openid'), filledText(answer.value, 'session_key')]
  if (openid === undefined || sessionKey === undefined) return unknown('answer lacks a field')
  return done({ openid, sessionKey, unionid: filledText(answer.value, 'unionid') })
}

async function exchangePhone(platform: Platform, code: string): Promise<Answer<{ phone: string; countryCode: string }>> {
  const answer = await postForFields(platform, '/wxa/business/getuserphonenumber', { code })
  if (answer.outcome !== 'done') return answer
  const info = fieldsOf(answer.value, 'phone_info')
  const phone = filledText(info, 'purePhoneNumber')
  return phone === undefined ? unknown('answer lacks a field') : done({ phone, countryCode: textOf(info, 'countryCode') ?? '86' })
}

/** A scene has at most 32 visible characters; the platform refuses a longer one. */
async function drawCode(platform: Platform, ask: CodePicture): Promise<Answer<{ picture: Buffer; type: string }>> {
  const body = { scene: ask.scene, page: ask.page, check_path: false, env_version: ask.version ?? 'release', width: ask.widthPixels ?? 430 }
  const answer = await platform.post('/wxa/getwxacodeunlimit', JSON.stringify(body))
  if (answer.outcome !== 'done') return answer
  return answer.value.kind === 'bytes' ? done({ picture: answer.value.bytes, type: answer.value.type }) : unknown('answer is not a picture')
}

async function sendMessage(platform: Platform, { openid, template, page, data }: SubscribeMessage): Promise<Answer<'sent'>> {
  const values = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, { value }]))
  const body = { touser: openid, template_id: template, data: values, miniprogram_state: 'formal', lang: 'zh_CN', ...(page === undefined ? {} : { page }) }
  const answer = await postForFields(platform, '/cgi-bin/message/subscribe/send', body)
  return answer.outcome === 'done' ? done('sent') : answer
}

async function postForFields(platform: Platform, path: string, body: Fields): Promise<Answer<Fields>> {
  const answer = await platform.post(path, JSON.stringify(body))
  if (answer.outcome !== 'done') return answer
  return answer.value.kind === 'fields' ? done(answer.value.fields) : unknown('answer is not JSON')
}
