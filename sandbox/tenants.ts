// Opens a tenant: its merchant number, app, keys and certificates, and the settings a server needs to be that tenant.
import { makeAlipayApp } from './alipay/sign.ts'
import { makeDouyinApp } from './douyin/orders.ts'
import { makeCertificate } from './x509.ts'
import { privateKeyOf, randomDigits, randomHex, randomWord } from './keys.ts'
import type { KeyMode, Tenant } from './records.ts'
import { put } from './state.ts'
import type { MakePair } from './stock.ts'
import { indexTenant } from './world.ts'
import type { World } from './world.ts'

export type TenantAsk = { mode?: KeyMode; name?: string; publishSeconds?: number; refundSeconds?: number; pushFormat?: 'json' | 'xml'; keyRotated?: boolean; also?: ('alipay' | 'douyin')[]; douyinQuotes?: boolean }

const YEAR_MS = 365 * 86_400_000

export async function openTenant(world: World, ask: TenantAsk): Promise<Tenant> {
  const mode = ask.mode ?? 'public_key'
  const merchant = await makeMerchantKeys(world.makePair)
  const tenant: Tenant = {
    appid: `wx${randomHex(16).toLowerCase()}`,
    mchid: `19${randomDigits(8)}`,
    name: ask.name ?? '沙箱商户',
    mode,
    ...merchant,
    apiv3Key: randomWord(32),
    ...(ask.keyRotated === true ? { apiv3KeyPrevious: randomWord(32) } : {}),
    ...(mode === 'certificate' ? {} : await makePublicKey(world.makePair)),
    ...(mode === 'public_key' ? {} : await makePlatformCertificate(world.makePair)),
    secret: randomHex(32).toLowerCase(),
    official: { appid: `wx${randomHex(16).toLowerCase()}`, secret: randomHex(32).toLowerCase() },
    pushToken: randomWord(24),
    pushAesKey: randomWord(43),
    pushFormat: ask.pushFormat ?? 'json',
    account: `gh_${randomHex(12).toLowerCase()}`,
    offerId: `145${randomDigits(7)}`,
    appKey: randomWord(32),
    publishSeconds: ask.publishSeconds ?? 600,
    refundSeconds: ask.refundSeconds ?? 3,
    sms: {
      secretId: `AKID${randomWord(32)}`, secretKey: randomWord(32), appId: `1400${randomDigits(6)}`, sign: '书院', template: randomDigits(7),
      text: '您的验证码是{1}，{2}分钟内有效，请勿告诉他人。',
      more: [{ template: randomDigits(7), text: '您的「{1}」会员将于{2}到期，续费后从到期日接着算。' }],
    },
    ...(ask.also?.includes('alipay') ? { alipay: await makeAlipayApp(world.makePair) } : {}),
    ...(ask.also?.includes('douyin') ? { douyin: await makeDouyinApp(world.makePair, ask.douyinQuotes === true) } : {}),
    clockOffsetMs: 0,
  }
  put(world.state, 'tenants', tenant.appid, tenant)
  indexTenant(world, tenant)
  return tenant
}

async function makeMerchantKeys(makePair: MakePair): Promise<Pick<Tenant, 'merchantSerial' | 'merchantPrivateKey' | 'merchantCertificate'>> {
  const pair = await makePair()
  const serial = randomSerial()
  const certificate = makeCertificate({ ...validity(), key: privateKeyOf(pair.privateKey), serial, commonName: '沙箱商户 API 证书' })
  return { merchantSerial: serial, merchantPrivateKey: pair.privateKey, merchantCertificate: certificate }
}

async function makePublicKey(makePair: MakePair): Promise<Pick<Tenant, 'publicKeyId' | 'publicKey' | 'publicKeyPrivate'>> {
  const pair = await makePair()
  return { publicKeyId: `PUB_KEY_ID_01${randomDigits(30)}`, publicKey: pair.publicKey, publicKeyPrivate: pair.privateKey }
}

/** A new platform certificate signs from now on; the one before is still handed out beside it. */
export async function rotateCertificate(world: World, tenant: Tenant): Promise<Tenant> {
  const { platformSerial, platformCertificate, platformNotBefore, platformNotAfter } = tenant
  if (platformSerial === undefined || platformCertificate === undefined) return tenant
  const previous = { serial: platformSerial, certificate: platformCertificate, notBefore: platformNotBefore ?? '', notAfter: platformNotAfter ?? '' }
  const rotated: Tenant = { ...tenant, ...(await makePlatformCertificate(world.makePair)), platformCertificatePrevious: previous }
  put(world.state, 'tenants', tenant.appid, rotated)
  return rotated
}

async function makePlatformCertificate(makePair: MakePair): Promise<Partial<Tenant>> {
  const pair = await makePair()
  const serial = randomSerial()
  const span = validity()
  const certificate = makeCertificate({ ...span, key: privateKeyOf(pair.privateKey), serial, commonName: '本地沙箱平台证书' })
  return {
    platformSerial: serial, platformCertificate: certificate, platformPrivateKey: pair.privateKey,
    platformNotBefore: span.notBefore.toISOString(), platformNotAfter: span.notAfter.toISOString(),
  }
}

/** Forty hexadecimal figures whose first byte keeps the number positive and never leads with zero. */
function randomSerial(): string {
  return `4${randomHex(39)}`
}

function validity(): { notBefore: Date; notAfter: Date } {
  const start = new Date(Math.floor(Date.now() / 1000) * 1000 - 86_400_000)
  return { notBefore: start, notAfter: new Date(start.getTime() + 5 * YEAR_MS) }
}

/** Every vendor variable of the server's environment, so that a test can start the product as this tenant. */
export function describeTenant(world: World, tenant: Tenant): { mchid: string; appid: string; mode: KeyMode; env: Record<string, string> } {
  const env: Record<string, string | undefined> = {
    WECHATPAY_BASE_URL: world.url,
    WECHATPAY_MCHID: tenant.mchid,
    WECHATPAY_APPID: tenant.appid,
    WECHATPAY_SERIAL: tenant.merchantSerial,
    WECHATPAY_PRIVATE_KEY: tenant.merchantPrivateKey,
    WECHATPAY_APIV3_KEY: tenant.apiv3Key,
    WECHATPAY_APIV3_KEY_PREVIOUS: tenant.apiv3KeyPrevious,
    WECHATPAY_PUBLIC_KEY_ID: tenant.publicKeyId,
    WECHATPAY_PUBLIC_KEY: tenant.publicKey,
    WECHATPAY_PLATFORM_CERTS: tenant.platformCertificate,
    WECHAT_BASE_URL: world.url,
    WECHAT_APPID: tenant.appid,
    WECHAT_SECRET: tenant.secret,
    WECHAT_OFFICIAL_APPID: tenant.official?.appid,
    WECHAT_OFFICIAL_SECRET: tenant.official?.secret,
    WECHAT_OFFICIAL_AUTHORIZE_URL: world.url,
    WECHAT_PUSH_TOKEN: tenant.pushToken,
    WECHAT_PUSH_AES_KEY: tenant.pushAesKey,
    XPAY_OFFER_ID: tenant.offerId,
    XPAY_APP_KEY: tenant.appKey,
    XPAY_ENV: '0',
    SMS_BASE_URL: world.url,
    SMS_SECRET_ID: tenant.sms.secretId,
    SMS_SECRET_KEY: tenant.sms.secretKey,
    SMS_APP_ID: tenant.sms.appId,
    SMS_SIGN: tenant.sms.sign,
    SMS_TEMPLATE: tenant.sms.template,
    SMS_TEMPLATE_PLAN_ENDS: tenant.sms.more?.[0]?.template,
    ...describeOthers(world, tenant),
  }
  const given = Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined))
  return { mchid: tenant.mchid, appid: tenant.appid, mode: tenant.mode, env: given }
}

function describeOthers(world: World, { alipay, douyin }: Tenant): Record<string, string | undefined> {
  return {
    ALIPAY_BASE_URL: alipay && `${world.url}/gateway.do`,
    ALIPAY_APPID: alipay?.appid,
    ALIPAY_SELLER_ID: alipay?.sellerId,
    ALIPAY_PRIVATE_KEY: alipay?.appPrivateKey,
    ALIPAY_PUBLIC_KEY: alipay?.platformPublicKey,
    DOUYIN_BASE_URL: douyin && world.url,
    DOUYIN_APPID: douyin?.appid,
    DOUYIN_SECRET: douyin?.secret,
    DOUYIN_PRIVATE_KEY: douyin?.appPrivateKey,
    DOUYIN_KEY_VERSION: douyin?.keyVersion,
    DOUYIN_PLATFORM_PUBLIC_KEY: douyin?.platformPublicKey,
    DOUYIN_MERCHANT_UID: douyin?.merchantUid,
    DOUYIN_QUOTES: douyin && (douyin.wantsQuotes ? '1' : '0'),
  }
}
