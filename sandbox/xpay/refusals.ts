// How virtual payment says no: the numbers of its server interfaces.

const NUMBERS = {
  openid: [268490001, 'openid错误'],
  params: [268490002, '请求参数字段错误'],
  signature: [268490003, '签名错误'],
  repeated: [268490004, '重复操作'],
  too_few: [268490006, '代币的退款/支付操作金额不足'],
  coin_unpublished: [268490008, '代币未发布，不允许进行代币操作'],
  session: [268490009, '用户session_key不存在或已过期，请重新登录'],
  generating: [268490010, '数据生成中，请稍后调用本接口获取'],
  busy: [268490011, '批量任务运行中，请等待完成后才能再次运行'],
} as const

export function refuseXpay(name: keyof typeof NUMBERS, more?: string): { errcode: number; errmsg: string } {
  const [errcode, errmsg] = NUMBERS[name]
  return { errcode, errmsg: more === undefined ? errmsg : `${errmsg}: ${more}` }
}
