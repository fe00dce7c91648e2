// How WeChat Pay says no: code, HTTP status, the number at the end of Request-Id, and the documented bodies.

export type PayAnswer = { status: number; body?: Record<string, unknown>; code?: number }

const KNOWN: Record<string, [status: number, number: number, message: string]> = {
  PARAM_ERROR: [400, 268435461, '参数错误'],
  INVALID_REQUEST: [400, 268447914, '无效请求'],
  APPID_MCHID_NOT_MATCH: [400, 268445527, 'appid和mch_id不匹配，请检查后再试'],
  MCH_NOT_EXISTS: [400, 268445528, '商户号不存在'],
  NO_STATEMENT_EXIST: [400, 268448020, '账单文件不存在'],
  STATEMENT_CREATING: [400, 268448021, '账单正在生成中，请稍后重试'],
  ORDER_CLOSED: [400, 268447915, '该订单已关闭，请重新下单'],
  ORDER_PAID: [400, 268449538, '该订单已支付'],
  SIGN_ERROR: [401, 268443699, '错误的签名，验签失败'],
  NO_AUTH: [403, 268448010, '商户无权限'],
  RULE_LIMIT: [403, 268448011, '业务规则限制'],
  TRADE_ERROR: [403, 268448012, '交易错误'],
  OUT_TRADE_NO_USED: [403, 268449539, '商户订单号重复'],
  NOT_ENOUGH: [403, 268448013, '基本账户余额不足，请充值后重新发起'],
  USER_ACCOUNT_ABNORMAL: [403, 268448014, '退款请求失败，用户账户异常'],
  NOT_FOUND: [404, 268512773, '记录不存在'],
  ORDER_NOT_EXIST: [404, 268512771, '订单不存在'],
  RESOURCE_NOT_EXISTS: [404, 268512772, '退款单查询失败'],
  FREQUENCY_LIMITED: [429, 268447840, '频率超限，请稍后再试'],
  RATELIMIT_EXCEEDED: [429, 268447841, '请求过于频繁，请稍后重试'],
  USER_PAYING: [202, 268447916, '用户支付中，需要输入密码'],
  SYSTEM_ERROR: [500, 268435459, '系统异常，请用相同参数重新调用'],
  OPENID_MISMATCH: [500, 268501014, 'openid和appid不匹配'],
  BANK_ERROR: [500, 268435460, '银行系统异常'],
}

export function refusePay(code: string, message?: string, detail?: Record<string, unknown>, number?: number): PayAnswer {
  const known = KNOWN[code] ?? [400, 268435461, code]
  return { status: known[0], code: number ?? known[1], body: { code, message: message ?? known[2], ...(detail === undefined ? {} : { detail }) } }
}

/** A field of the body is missing or breaks its rule. `field` is a JSON pointer, as the real detail gives it. */
export function refuseField(field: string, name: string, value: unknown, rule: string): PayAnswer {
  const kind = typeof value === 'number' ? '数值' : '字符串'
  const message = value === undefined
    ? `缺少参数：输入源“/body${field}”映射到字段“${name}”必填性规则校验失败，此字段为必填项`
    : `输入源“/body${field}”映射到${kind}字段“${name}”规则校验失败，${rule}`
  return refusePay('PARAM_ERROR', message, { location: 'body', field, value: value ?? null, issue: value === undefined ? '此字段为必填项' : rule })
}
