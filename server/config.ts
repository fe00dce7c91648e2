// Every knob of the environment, checked at boot; all mistakes are told at once.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

declare module '#kernel/ctx.ts' {
  interface Knobs {
    secret: string
    publicUrl: string
    dataDir: string
    setupKey: string
    demo: boolean
    nginxAccel: string | undefined
    mchid: string
    payAppid: string
    wechatAppid: string
    officialAppid: string
    xpayOfferId: string
    xpayEnv: number
    xpayApple: boolean
    sandboxUrl: string | undefined
    alipayAppid: string
    douyinAppid: string
    douyinMerchantUid: string
  }
}

export type Config = ReturnType<typeof readConfig>

type Environment = Record<string, string | undefined>

/** Reads the whole configuration, or throws one error that lists every mistake by its variable. */
export function readConfig(environment: Environment = process.env) {
  const mistakes: string[] = []
  const read = readers(environment, mistakes)
  const dataDir = resolve(read.text('DATA_DIR', './data'))
  const config = {
    role: read.choice('ROLE', ['all', 'web', 'worker'], 'all'),
    host: read.text('HOST', '127.0.0.1'),
    port: read.number('PORT', 8080),
    publicUrl: read.text('PUBLIC_URL', 'http://127.0.0.1:8080').replace(/\/$/, ''),
    databaseUrl: read.needed('DATABASE_URL'),
    databasePool: read.number('DATABASE_POOL', 16),
    dataDir,
    secret: read.needed('SECRET', 32),
    setupKey: read.text('SETUP_KEY', ''),
    seed: read.choice('SEED', ['', 'demo'], ''),
    metricsKey: environment['METRICS_KEY'],
    logLevel: read.text('LOG_LEVEL', 'info'),
    parentPipe: environment['PARENT_PIPE'] === '1',
    trustProxy: environment['TRUST_PROXY'] === '1',
    ffmpegPath: environment['FFMPEG_PATH'],
    virusScanCommand: environment['VIRUS_SCAN_COMMAND'],
    uploadLimitBytes: read.number('UPLOAD_LIMIT_MB', 10_240) * 1024 * 1024,
    nginxAccel: environment['NGINX_ACCEL'],
    sandboxUrl: environment['SANDBOX_URL'],
    storage: readStorage(read, dataDir, mistakes),
    wechatPay: readWechatPay(read),
    wechat: readWechat(read, mistakes),
    official: readOfficial(read),
    xpayApple: read.choice('XPAY_APPLE', ['0', '1'], '0') === '1',
    sms: readSms(read),
    alipay: readAlipay(read),
    douyin: readDouyin(read),
  }
  if (mistakes.length > 0) throw new Error(`The configuration has mistakes:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`)
  return config
}

type Readers = ReturnType<typeof readers>

function readers(environment: Environment, mistakes: string[]) {
  const text = (name: string, otherwise: string) => environment[name] || otherwise
  return {
    text,
    needed(name: string, minLength = 1): string {
      const value = environment[name] ?? ''
      if (value.length < minLength) mistakes.push(minLength > 1 ? `${name} must have at least ${minLength} characters` : `${name} is missing`)
      return value
    },
    number(name: string, otherwise: number): number {
      const value = Number(text(name, String(otherwise)))
      if (!Number.isSafeInteger(value) || value < 0) mistakes.push(`${name} must be a whole number, not "${environment[name]}"`)
      return value
    },
    choice<const T extends string>(name: string, choices: readonly T[], otherwise: T): T {
      const value = text(name, otherwise)
      const chosen = choices.find((choice) => choice === value)
      if (chosen === undefined) mistakes.push(`${name} must be one of ${choices.join(', ')}`)
      return chosen ?? otherwise
    },
    pem(name: string): string {
      const value = text(name, '')
      if (value === '' || value.startsWith('-----BEGIN')) return value
      if (!existsSync(value)) mistakes.push(`${name} is neither PEM text nor a file: ${value}`)
      return existsSync(value) ? readFileSync(value, 'utf8') : ''
    },
  }
}

/** Files live in the data folder, or with STORAGE=s3 in a bucket of any S3-compatible service. */
function readStorage(read: Readers, dataDir: string, mistakes: string[]) {
  const kind = read.choice('STORAGE', ['folder', 's3'], 'folder')
  const bucket = {
    endpoint: read.text('S3_ENDPOINT', ''),
    region: read.text('S3_REGION', 'us-east-1'),
    bucket: read.text('S3_BUCKET', ''),
    accessKey: read.text('S3_ACCESS_KEY', ''),
    secretKey: read.text('S3_SECRET_KEY', ''),
    pathStyle: read.choice('S3_PATH_STYLE', ['0', '1'], '1') === '1',
  }
  const needed = { S3_BUCKET: bucket.bucket, S3_ACCESS_KEY: bucket.accessKey, S3_SECRET_KEY: bucket.secretKey }
  if (kind === 's3') for (const [name, value] of Object.entries(needed)) if (value === '') mistakes.push(`${name} is missing, which STORAGE=s3 needs`)
  if (kind === 's3' && bucket.endpoint !== '' && !URL.canParse(bucket.endpoint)) mistakes.push('S3_ENDPOINT must be an address such as https://s3.example.com')
  return { kind, folder: resolve(dataDir, 'files'), scratch: resolve(dataDir, 'scratch'), bucket, hotBytes: read.number('HOT_SEGMENT_MB', 128) * 1024 * 1024 }
}

function readWechatPay(read: Readers) {
  const baseUrl = read.text('WECHATPAY_BASE_URL', 'https://api.mch.weixin.qq.com')
  return {
    baseUrl,
    farUrl: read.text('WECHATPAY_FAR_URL', baseUrl === 'https://api.mch.weixin.qq.com' ? 'https://api2.mch.weixin.qq.com' : ''),
    mchid: read.text('WECHATPAY_MCHID', ''),
    appid: read.text('WECHATPAY_APPID', ''),
    serial: read.text('WECHATPAY_SERIAL', ''),
    privateKey: read.pem('WECHATPAY_PRIVATE_KEY'),
    apiv3Key: read.text('WECHATPAY_APIV3_KEY', ''),
    apiv3KeyPrevious: read.text('WECHATPAY_APIV3_KEY_PREVIOUS', ''),
    publicKeyId: read.text('WECHATPAY_PUBLIC_KEY_ID', ''),
    publicKey: read.pem('WECHATPAY_PUBLIC_KEY'),
    platformCerts: read.pem('WECHATPAY_PLATFORM_CERTS'),
  }
}

/** Virtual payment's own sandbox moves no money: an installation that sells must not take its word. */
function readXpayEnv(read: Readers, mistakes: string[]): number {
  const env = read.choice('XPAY_ENV', ['0', '1'], '0')
  if (env === '1' && read.choice('TRIAL_RUN', ['0', '1'], '0') !== '1') mistakes.push('XPAY_ENV=1 gives courses away for play money; it needs TRIAL_RUN=1, which says that this installation sells nothing')
  return Number(env)
}

function readWechat(read: Readers, mistakes: string[]) {
  return {
    baseUrl: read.text('WECHAT_BASE_URL', 'https://api.weixin.qq.com'),
    appid: read.text('WECHAT_APPID', ''),
    secret: read.text('WECHAT_SECRET', ''),
    pushToken: read.text('WECHAT_PUSH_TOKEN', ''),
    pushAesKey: read.text('WECHAT_PUSH_AES_KEY', ''),
    xpayOfferId: read.text('XPAY_OFFER_ID', ''),
    xpayAppKey: read.text('XPAY_APP_KEY', ''),
    xpayEnv: readXpayEnv(read, mistakes),
  }
}

function readOfficial(read: Readers) {
  return {
    baseUrl: read.text('WECHAT_BASE_URL', 'https://api.weixin.qq.com'),
    authorizeUrl: read.text('WECHAT_OFFICIAL_AUTHORIZE_URL', 'https://open.weixin.qq.com'),
    appid: read.text('WECHAT_OFFICIAL_APPID', ''),
    secret: read.text('WECHAT_OFFICIAL_SECRET', ''),
  }
}

function readSms(read: Readers) {
  return {
    baseUrl: read.text('SMS_BASE_URL', 'https://sms.tencentcloudapi.com'),
    secretId: read.text('SMS_SECRET_ID', ''),
    secretKey: read.text('SMS_SECRET_KEY', ''),
    appId: read.text('SMS_APP_ID', ''),
    sign: read.text('SMS_SIGN', ''),
    templates: { code: read.text('SMS_TEMPLATE', ''), planEnds: read.text('SMS_TEMPLATE_PLAN_ENDS', '') },
  }
}

function readAlipay(read: Readers) {
  return {
    baseUrl: read.text('ALIPAY_BASE_URL', 'https://openapi.alipay.com/gateway.do'),
    appid: read.text('ALIPAY_APPID', ''),
    sellerId: read.text('ALIPAY_SELLER_ID', ''),
    privateKey: read.pem('ALIPAY_PRIVATE_KEY'),
    publicKey: read.pem('ALIPAY_PUBLIC_KEY'),
  }
}

function readDouyin(read: Readers) {
  return {
    baseUrl: read.text('DOUYIN_BASE_URL', 'https://open.douyin.com'),
    appid: read.text('DOUYIN_APPID', ''),
    secret: read.text('DOUYIN_SECRET', ''),
    privateKey: read.pem('DOUYIN_PRIVATE_KEY'),
    keyVersion: read.text('DOUYIN_KEY_VERSION', '1'),
    platformPublicKey: read.pem('DOUYIN_PLATFORM_PUBLIC_KEY'),
    quotesAuthorization: read.choice('DOUYIN_QUOTES', ['0', '1'], '0') === '1',
    skuType: read.number('DOUYIN_SKU_TYPE', 401),
    tagGroup: read.text('DOUYIN_TAG_GROUP', 'tag_group_7272625659888041996'),
    merchantUid: read.text('DOUYIN_MERCHANT_UID', ''),
  }
}
