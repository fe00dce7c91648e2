// The places a learner can be: platform, operating system, and the width that decides how a web payment opens.

export const platforms = ['wechat', 'douyin', 'alipay', 'baidu', 'h5'] as const
export type Platform = (typeof platforms)[number]

export const systems = ['ios', 'android', 'windows', 'mac', 'harmony', 'other'] as const
export type System = (typeof systems)[number]
