// Every sentence a learner reads, in Chinese. `en.ts` has the same keys.
import type { SaleWords } from '../../../contracts/channels.ts'
import type { RefusalCode } from '../../../contracts/words/refusals.ts'

/** Of payouts a learner meets two refusals beside the state of one. */
type DeskCode = `coin.${'fixed' | 'not_connected' | 'not_on_sale'}` | 'payout.over_day_cap' | 'payout.same_person' | `${'staff' | 'setup' | 'category' | 'lecturer' | 'upload' | 'asset' | 'refund' | 'share' | 'complaint' | 'reconciliation' | 'arrival' | 'withdrawal' | 'difference' | 'discrepancy' | 'export' | 'callback'}.${string}` | 'course.cannot_publish' | 'course.state_forbids' | 'course.slug_taken' | 'course.in_use' | 'offer.seats_taken' | 'parcel.columns_missing' | 'parcel.reminder_refused' | 'parcel.order_ends'
/** What a learner can be refused with; one without a sentence does not compile. */
export type LearnerCode = Exclude<RefusalCode, DeskCode> | 'offline'

/** `act` is on buttons, `none` stands where a list would be. */
type SaleSaying = { act?: string; whole?: string; pay?: string; note?: string; none?: string; unpaid?: string }

export const zh = {
  tabs: { home: '首页', learning: '学习', me: '我的' },
  titles: { 'pages/learning/learning': '学习', 'pages/me/me': '我的', 'pkg-course/access': '学习权限', 'pkg-course/courses': '全部课程', 'pkg-course/plans': '会员', 'pkg-course/coins': '余额', 'pkg-me/redeem': '兑换', 'pkg-me/payouts': '提现', 'pkg-order/result': '支付结果', 'pkg-order/orders': '我的订单', 'pkg-order/order': '订单', 'pkg-me/sign-in': '登录', 'pkg-me/settings': '设置', 'pkg-me/addresses': '收货地址', 'pkg-me/agreement': '协议', 'pkg-me/missing': '没有这一页' } as Record<string, string>,
  home: { greeting: '今天学点什么', search: '搜课程、讲师', continue: '继续学习', newest: '新上架', free: '免费课程', tasters: '先听一课', join: '加入「{plan}」', category: '分类', owned: '我的课程', empty: '还没有课程，过些天再来看看', end: '到底了', clear: '清除' },
  courses: {
    title: '全部课程', all: '全部', more: '更多', load: '加载更多', kind: '形式', price: '价格', sort: '排序', none: '没有符合的课程，换个词或少选一个条件', widen: '看全部课程',
    kinds: { video: '视频', audio: '音频', article: '图文', mixed: '综合' } as Record<string, string>, prices: { free: '免费', paid: '付费' } as Record<string, string>,
    sorts: { relevance: '最相关', newest: '最新', popular: '最多人学', price_up: '价格低到高', price_down: '价格高到低' } as Record<string, string>,
  },
  course: {
    free: '免费', lessons: '课时', learners: '人在学', promise: '你将学会', outline: '目录', about: '课程介绍', lecturer: '讲师', reviews: '评价', refund: '退款规则', related: '相关课程', trial: '试听', done: '已学完', noReviews: '还没有评价', reply: '讲师回复', days: '天内有效', forever: '永久有效',
    begin: '立即学习', continueAt: '继续第', lesson: '课', getFree: '免费领取', sample: '先看一课', freeLesson: '免费',
  },
  checkout: { title: '确认订单', total: '合计', agree: '我已阅读并同意', agreement: '《购买协议》', why: '为什么是这个价', get: '领取', needAgree: '请先勾选购买协议', close: '关闭', paid: '我已支付', waiting: '等待支付结果' },
  /** What the rules of a place say, by the server's word for it: the button's word, why, and what to do instead. Where no price is shown nothing speaks of buying, nor of another place. */
  sale: {
    buy: { act: '购买', whole: '购买全课', pay: '支付' },
    buy_apple: { act: '购买', whole: '购买全课', pay: '支付', note: '在 iPhone 上付的款由苹果收取，退款在 App Store 的购买记录里申请' },
    top_up: { act: '充值', pay: '支付' },
    not_open: { note: '书院还没有在这里开通收款，介绍和免费课时可以先看', none: '书院还没有在这里开通收款，过些天再来看看', unpaid: '书院还没有在这里开通收款，订单先留着' },
    browse: { note: '介绍、目录和免费课时都可以看', none: '这里没有别的内容了，去看看课程' },
    see_balance: { none: '余额在这里可以查看' },
  } satisfies Record<SaleWords, SaleSaying> as Record<SaleWords, SaleSaying>,
  plans: {
    title: '会员', entry: '会员中心', none: '还没有可开通的会员', ownTitle: '我的会员', until: '有效期至', lifetime: '终身有效', trial: '试用中', remind: '快到期了，续费后从到期日接着算', all: '解锁全部课程', courses: '解锁课程', discount: '其余课程与套餐按原价', discountTail: '折',
    gift: '，另送 {days} 天', credit: '原会员折抵', buy: '开通', renew: '续费', upgrade: '升级', take: '免费试用', cannot: '已包含', periods: { trial: '试用', month: '一个月', season: '三个月', year: '一年', lifetime: '终身' }, days: '天', starts: '开始于', plan: '会员',
  },
  coins: {
    entry: '余额', none: '书院没有开通充值', packs: '充值', noPacks: '这里暂时不能充值', given: '其中赠送', lasts: '长期有效，不会过期', about: '余额只能用来购买书院的课程，不能提现。没花掉的，可以在订单里申请退回充值款。', orders: '充值订单与退款',
    silent: '暂时查不到余额，稍后再看', elsewhere: '余额在小程序里查看和使用', ways: '支付方式', money: '现金支付', has: '余额', missing: '还差', fill: '去充值', done: '充值成功', see: '查看余额',
  },
  redeem: { title: '输入兑换码', entry: '兑换码', hint: '大小写和短横线都可以不管', placeholder: 'XXXX-XXXX-XXXX-XXXX', act: '兑换', done: '兑换成功', empty: '请输入兑换码', signIn: '登录后可以兑换' },
  payouts: {
    entry: '提现', owed: '可提现', amount: '提现金额', all: '全部提出', ask: '申请提现', asked: '已申请，书院同意后请回到这里确认收款', none: '还没有提现记录', bounds: '每次 ¥0.10 到 ¥1,999.99', wrongAmount: '请输入 0.10 到 1,999.99 之间、不超过可提现的金额', signIn: '登录后可以提现',
    confirm: '确认收款', before: '请在此之前确认：', cancel: '撤回', cancelAsked: '撤回后钱回到可提现，确定撤回吗', history: '提现记录', answer: '书院说：', elsewhere: '请在手机上打开本页确认收款', unreachable: '还不能收款：需要先绑定收款账号',
    states: { asked: '等待书院同意', requested: '等待书院复核', sending: '正在发出', confirming: '等你确认收款', cancelling: '正在撤回', done: '已到账', failed: '没有成功，钱已退回可提现', cancelled: '已撤回', rejected: '书院没有同意' } as Record<string, string>,
    problems: { OVERDUE_CLOSE: '24 小时内没有确认收款', REAL_NAME_CHECK_FAIL: '收款账号没有实名，或与登记的不一致', ACCOUNT_FROZEN: '收款账号被冻结', ACCOUNT_NOT_EXIST: '收款账号不存在', PAYEE_ACCOUNT_ABNORMAL: '收款账号异常', TRANSFER_QUOTA_EXCEED: '超过了收款限额', other: '转账没有成功，原因请联系书院' } as Record<string, string>,
  },
  claim: {
    ask: '申请退款', title: '退款申请', now: '现在申请可退', why: '为什么想退', hint: '写给书院看的，几句话就好', send: '提交申请', back: '再想想', withdraw: '撤回申请', withdrawAsked: '撤回这个退款申请？', sent: '申请已提交', noteEnd: '退款后课程随即关闭，已学的进度会留着',
    rules: { seven_days: '付款未满七天，全额退', policy: '{days} 天内、学习不超过 {percent}%，按书院的承诺全额退', used: '实付减去已学的部分' } as Record<string, string>,
    paid: '实付', used: '已学', refunded: '已经退过', gets: '应退', formula: '{basis} × {used} ÷ {lessons} 课时', formulaDays: '{basis} × {used} ÷ {days} 天', gifted: { learner: '，赠送的 {days} 天不计', academy: '，含赠送 {days} 天' } as Record<string, string>, answer: '书院的答复', mostDoing: '如果是书院没有做到承诺的，已学部分按实付价计算，由书院核定',
    learningPaid: '课程部分实付', below: '原会员同期的 {sum} 不重复计', above: '含升级后多用的 {sum}', goods: { here: '物品还没寄出，不再寄', kept: '物品已寄出，留下不退', returned: '物品已退回' } as Record<string, string>, goodsFee: '运费 {sum} 不退', ifReturned: '完好寄回，书院收到后再退 {amount}；寄出和寄回的运费不退', goodsPart: '含物品 {sum}：没寄出全退，收货七天内完好退回可退，运费除外',
    byNow: '按规则应退', interest: '利息', interestWill: '从申请到退款按年利率 {rate}% 计息', formulaInterest: '{amount} × {rate}% ÷ 360 × {days} 天，可在「提现」取出',
    states: { asked: '等待书院处理', approved: '已同意', declined: '未通过', withdrawn: '已撤回' } as Record<string, string>,
  },
  policy: { promise: '{days} 天内、学习不超过 {percent}%，全额退；付款七天内可全额退', changed: '有变动', law: '付款七天内可全额退，之后按没学的部分退' },
  choices: { title: '购买方案', standard: '标准', bundle: '套餐', left: '还剩', seats: '个名额', soldOut: '名额已满', ends: '截止', andMore: ' 起', withPlan: '开通「{plan}」可学' },
  priceStep: { list: '标价', owned_part: '已拥有的部分', plan_discount: '会员折扣', upgrade_credit: '升级折抵', shipping: '运费' },
  priceWhy: {
    list_price: '「{label}」的标价', pieces: '「{label}」的标价，{count} 件', free: '这一项免费', owned_part: '你已拥有其中 {count} 门（{label}），按单独售价的比例扣除', plan_discount: '你是「{label}」会员，打 {count} 折', plan_missing: '开通「{label}」会员有折扣',
    upgrade_credit: '原会员「{label}」还剩 {count} 天，按天折抵', credit_used_up: '原会员「{label}」没有可折抵的金额', shipping: '寄送「{label}」', shipping_free: '「{label}」包邮',
  },
  address: {
    to: '收货地址', other: '换一个', add: '新增地址', none: '还没有收货地址', default: '默认', asDefault: '设为默认地址', edit: '修改', remove: '删除', removeAsked: '删除这个地址？', save: '保存地址', back: '返回', missing: '请填写{field}', badPhone: '联系电话不对，请填手机号或带区号的座机', badDetail: '详细地址太短，写到门牌号',
    name: '收货人', phone: '联系电话', province: '省份', city: '城市', district: '区县', detail: '详细地址，到门牌号',
  },
  parcel: {
    goods: '教材', count: '数量', more: '多一件', fewer: '少一件', with: '含', free: '包邮', fee: '运费另计', left: '还剩', pieces: '件', soldOut: '已售完', soon: '书院会尽快寄出', law: '收货七天内可以退货，退回的物品请保持完好', buy: '购买', receive: '确认收货', receiveAsked: '确认已经收到包裹？', copied: '单号已复制', shippedAt: '发出于', receivesAt: '{at} 自动确认收货', putOff: '还没收到，延长 7 天', isPutOff: '已延长 7 天',
    states: { waiting: '待支付', to_ship: '待发货', shipped: '运送中', received: '已收货', returned: '已退回', cancelled: '不再发货' } as Record<string, string>,
    carriers: { SF: '顺丰', ZTO: '中通', YTO: '圆通', STO: '申通', YUNDA: '韵达', JTSD: '极兔', JD: '京东', EMS: '邮政 EMS', DBL: '德邦' } as Record<string, string>,
  },
  result: { waiting: '正在确认支付结果', paid: '支付成功', open: '已经可以学习', learn: '开始学习', placed: '还没有收到付款', check: '再查一次', pay: '重新支付', closed: '订单已关闭', refunded: '订单已退款', order: '查看订单', home: '回首页' },
  lesson: {
    previous: '上一课', next: '下一课', speed: '倍速', paywall: '试看到这里', paywallArticle: '试读到这里', closed: '拥有这门课后可以学习这一课', signIn: '登录后可以学习这一课', toCourse: '查看课程', toSignIn: '去登录', preparing: '这一课还在准备，稍后再来', last: '这是最后一课', resume: '从', resumeTail: '继续', play: '播放', pause: '暂停', full: '全屏', quality: '清晰度', subtitles: '字幕', off: '关', auto: '自动', backward: '后退 15 秒', forward: '前进 15 秒', outline: '目录', ended: '学完了', seek: '播放进度', mute: '静音', whole: '退出全屏', broken: '播放中断了，位置已经记下', buffering: '正在缓冲', captions: '字幕', float: '画中画', closeSmall: '关闭小窗', sounding: '正在播放', closeSound: '结束播放', soon: '秒后播放下一课', stay: '留在这里', nextNow: '现在播放',
  },
  learning: { title: '学习', today: '今天', minutes: '分钟', lessons: '课时', streak: '连续学习', days: '天', total: '累计', empty: '还没有在学的课程，从免费课开始', go: '看看免费课', signIn: '登录后，学习进度会留在这里', toSignIn: '登录', continue: '继续', allDone: '全部学完' },
  me: { guest: '客', look: '外观', auto: '跟随系统', light: '浅色', dark: '深色', type: '字号', ordinary: '标准', large: '大字', more: '协议与帮助', chinese: '中文', english: 'English', signIn: '登录 / 注册', hint: '登录后同步订单与进度', orders: '我的订单', settings: '设置', nickname: '昵称', save: '保存', saved: '已保存', signOut: '退出登录', terms: '用户协议', privacy: '隐私政策', purchase: '购买协议', phone: '手机号', language: '语言', support: '客服电话' },
  signIn: { title: '手机号登录', phone: '手机号', code: '验证码', send: '获取验证码', again: '秒后重发', agree: '我已阅读并同意', and: '和', enter: '登录', badPhone: '请输入 11 位手机号', badCode: '请输入 6 位验证码', needAgree: '请先勾选协议', sent: '验证码已发送', newAccount: '没有账号的手机号会自动注册' },
  review: { title: '写评价', stars: '星级', hint: '哪里学到了，哪里还想多听', write: '发表评价', written: '评价已发表', tooShort: '至少写四个字', mine: '我写的', count: '条评价', more: '看更多评价' },
  access: {
    title: '学习权限', link: '为什么能学或不能学', open: '这门课已经对你开放', never: '你还没有这门课', ended: '学习期限已经结束', revoked: '学习权限已经收回', openMore: '下面是它的由来和期限', closedMore: '免费课时和试看仍然可以打开，拥有这门课后学全课', signIn: '登录后可以查看你的学习权限',
    rights: '权限记录', live: '有效', over: '已失效', since: '开通于', until: '有效期至', revokedAt: '收回于', why: '原因：', note: '说明：', lessons: '每一课',
  },
  accessRight: { bought: '购买', granted: '赠送', free: '免费领取', redeemed: '兑换' },
  accessMode: { full: '可学', trial: '可试看', closed: '未开放' },
  accessReason: { free_lesson: '免费课时', free_course: '免费课程', bought: '已购买', granted: '已赠送', plan: '会员可学', redeemed: '已兑换', trial: '可试看一段', not_signed_in: '登录后才能打开', not_owned: '拥有这门课后才能打开', ended: '学习期限已结束', revoked: '学习权限已收回', not_published: '这门课还没有上架' },
  orders: { title: '我的订单', empty: '还没有订单', number: '订单号', placedAt: '下单时间', paidAt: '支付时间', until: '有效期至', refunded: '已退', pay: '去支付', close: '取消订单', learn: '去学习', copy: '复制', copied: '已复制', timeline: '订单记录', asked: '取消后需要重新下单，确定取消吗' },
  orderState: { placed: '待支付', paid: '已支付', closed: '已关闭', refunded: '已退款' } as Record<string, string>,
  orderEvent: { complained: '发起投诉', placed: '下单', payment_begun: '发起支付', paid: '支付成功', access_granted: '课程已开通', closed: '订单关闭', paid_late: '关闭后收到付款', refund_begun: '发起退款', refunded: '退款完成', refund_failed: '退款失败', refund_redirected: '退款改退银行卡', refund_asked: '申请退款', refund_denied: '商家不同意退款', access_revoked: '学习权限收回', access_restored: '退款未成，学习权限恢复', mismatch: '金额核对不符', claim_asked: '申请退款', claim_approved: '退款申请通过', claim_declined: '退款申请未通过', claim_withdrawn: '撤回退款申请', shipped: '已发货', shipment_corrected: '物流信息更正', received_by_time: '到期自动确认收货', receipt_put_off: '延长收货', received: '已收货', goods_returned: '书院已收到退货' } as Record<string, string>,
  languages: { 'zh-Hans': '简体中文', 'zh-Hant': '繁體中文', en: 'English' } as Record<string, string>,
  shared: { missing: '没有这一页，链接可能已经过期', retry: '重试', loading: '加载中', yes: '确定', no: '再想想', back: '返回', play: '查看' },
  refusal: {
    offline: '网络不通，内容都还在，连上后重试',
    'request.too_many': '操作太频繁，稍等一会儿再试',
    'request.invalid': '填写的内容有误，请检查后重试',
    'thing.not_found': '没有找到，可能已经下架',
    'sign_in.needed': '请先登录', 'sign_in.expired': '登录已过期，请重新登录',
    'sign_in.code_wrong': '验证码不对，请重新输入', 'sign_in.code_expired': '验证码已过期，请重新获取',
    'sign_in.attempts_exhausted': '试的次数太多，请重新获取验证码', 'sign_in.wait': '刚刚发过，稍等再获取',
    'sign_in.account_closed': '这个账号已停用，请联系客服', 'sign_in.platform_refused': '登录没有通过，请重试', 'sms.not_sent': '短信没有发出去，请稍后重试',
    'lesson.no_access': '拥有这门课后可以学习这一课', 'lesson.not_ready': '这一课还在准备，稍后再来', 'play.device_limit': '同时播放的设备太多；停下其中一台，十分钟后就能在这里播放',
    'coin.not_enough': '余额不够，先充值再来',
    'offer.not_on_sale': '课程暂停销售', 'offer.already_owned': '你已经拥有这门课程', 'offer.sold_out': '名额已满，看看别的方案', 'plan.trial_used': '你已经用过试用，可以直接开通', 'plan.have_better': '你的会员已经包含这一档', 'code.unknown': '没有这个兑换码，请核对后再输', 'code.used': '这个兑换码已经被用过', 'code.expired': '这个兑换码已经过期', 'order.credit_in_use': '另一张升级订单还没有付款，请先付款或取消它', 'order.price_changed': '价格有变动，请重新确认', 'order.promise_changed': '退款承诺有变动，请看过后重新勾选', 'order.agreement_missing': '购买协议有更新，请看过后重新勾选',
    'order.state_forbids': '订单状态已变化，请刷新', 'payment.channel_closed': '这一项在这里没有开放', 'payment.item_not_ready': '商品还在准备，稍后再试', 'payment.gateway_unavailable': '支付通道没有回应，订单已保留，请稍后重试', 'payment.session_stale': '登录状态有变，请再点一次支付',
    'request.too_large': '内容太长，删减一些再试', 'request.not_json': '这个版本过旧，请更新后重试', 'route.unknown': '这个版本过旧，请更新后重试', 'thing.changed_meanwhile': '内容刚刚有变，请刷新后再试',
    'course.not_published': '这门课还没有上架', 'lesson.not_playable': '这一课不能播放，请返回课程页查看', 'play.token_refused': '播放凭证已失效，请重新打开这一课',
    'phone.taken': '这个手机号已绑定其他账号，请用手机号登录', 'review.not_owner_of_course': '拥有这门课之后可以写评价', 'review.already_written': '你已经评价过这门课',
    'payout.no_account': '还不能收款：需要先绑定收款账号', 'payout.owed_too_little': '可提现的金额不够，请刷新看看', 'payout.state_forbids': '这笔提现的状态已变化，请刷新',
    'address.too_many': '最多保存 20 个地址，先删掉不用的', 'order.address_missing': '请选择收货地址', 'offer.one_by_one': '这一项每次只能买一份', 'order.other_open': '有一笔没有支付的同款订单，先支付或等它关闭', 'parcel.state_forbids': '包裹的状态已变化，请刷新',
    'claim.nothing_left': '这个订单没有可以退的钱了', 'order.upgraded': '这笔订单已抵扣升级，请先申请退掉升级的订单，没付款的请先关闭', 'claim.goods_not_back': '物品还没有退回', 'order.upgrade_free': '这次升级没有另付钱，请在原来那笔会员订单上申请退款，升级会一并结束', 'claim.already_open': '已有一个退款申请在等待处理', 'claim.state_forbids': '这个申请已经有了结果，请刷新看看', 'claim.answer_missing': '金额与规则算出的不同，请写明原因',
    'server.bug': '服务器出了问题，请稍后重试', 'server.starting': '服务器正在启动，请稍后重试',
  } satisfies Record<LearnerCode, string> as Record<string, string>,
}
export type Phrases = typeof zh
