// What the console says for each way the product says no.
import type { RefusalCode } from '#contracts/words/refusals.ts'
import { both } from './both.ts'

type Sentences = Record<RefusalCode | 'network.lost', string>

const zh: Sentences = {
  'network.lost': '连不上服务器。已填写的内容还在，请稍后重试。',
  'request.invalid': '有内容不符合要求，请检查后再提交。', 'request.too_large': '内容太大，请缩短后再提交。', 'request.too_many': '操作太频繁，请稍候再试。',
  'request.not_json': '请求格式不对，请刷新页面。', 'route.unknown': '服务器没有这个功能，可能正在升级。', 'thing.not_found': '找不到它，可能已被删除。',
  'thing.changed_meanwhile': '别人刚刚保存过，你的这次修改没有写入。', 'sign_in.needed': '请先登录。', 'sign_in.expired': '登录已过期。', 'sign_in.code_wrong': '验证码不对。',
  'sign_in.code_expired': '验证码已过期。', 'sign_in.attempts_exhausted': '尝试次数用完，请重新获取验证码。', 'sign_in.wait': '请稍候再获取验证码。',
  'sign_in.platform_refused': '平台拒绝了登录。', 'sign_in.account_closed': '账号已注销。', 'sms.not_sent': '短信没有发出。', 'phone.taken': '号码已被使用。',
  'staff.sign_in_needed': '登录已过期，请重新登录。', 'staff.wrong_password': '邮箱或密码不对。', 'staff.totp_needed': '请输入验证器里的六位数字。', 'staff.totp_wrong': '六位数字不对或已用过，请等下一组。',
  'staff.locked_out': '尝试次数太多，请十五分钟后再试。', 'staff.not_permitted': '你的角色不能做这件事。', 'staff.csrf': '页面已过期，请刷新。', 'staff.email_taken': '这个邮箱已有账号。',
  'staff.last_owner': '至少要留一位可登录的所有者。', 'setup.already_done': '书院已经设置过，请直接登录。', 'category.not_empty': '这个分类下还有课程或子分类，请先移走。', 'lecturer.teaches': '还有课程由这位讲师主讲，请先在课程里换人。', 'course.not_published': '课程还没有发布。',
  'course.cannot_publish': '还不能发布，请先补齐缺少的内容。', 'course.state_forbids': '课程当前的状态不允许这样做。', 'course.slug_taken': '这个网址名已被别的课程使用。', 'course.in_use': '这门课已经给过学员，不能删除，可以归档。', 'lesson.no_access': '没有这一课的权限。',
  'lesson.not_ready': '这一课还没有准备好。', 'lesson.not_playable': '这一课不能播放。', 'review.not_owner_of_course': '购买后才能评价。', 'review.already_written': '已经评价过。',
  'upload.type_refused': '不支持这种文件。请用常见的视频、音频、图片或 VTT 字幕。', 'upload.virus_found': '文件没有通过安全检查，已删除。', 'upload.too_large': '文件太大。', 'asset.in_use': '文件正在被使用。',
  'asset.state_forbids': '文件还没有处理好，或不适合放在这里。', 'play.token_refused': '播放地址已失效。', 'play.device_limit': '同时登录的设备太多。', 'coin.not_on_sale': '代币还没有开售：先在代币页打开充值。', 'coin.fixed': '代币开售后，名称和兑换比例不能再改，微信那边也不能改。', 'coin.not_connected': '还没有接入微信虚拟支付，不能设代币。', 'coin.not_enough': '代币不够。', 'offer.not_on_sale': '课程没有在售。', 'offer.already_owned': '已经拥有这门课。', 'offer.sold_out': '名额已满。', 'plan.trial_used': '试用只有一次。', 'plan.have_better': '已有同级终身或更高级的会员。', 'order.credit_in_use': '另一张未付款的升级订单正在使用这笔折抵。', 'code.unknown': '没有这个兑换码。', 'code.used': '兑换码已被使用。', 'code.expired': '兑换码已过期。', 'offer.seats_taken': '名额不能少于已经占用的数量。',
  'order.agreement_missing': '没有同意最新的协议。', 'order.price_changed': '价格已变化。', 'order.state_forbids': '订单当前的状态不允许这样做。', 'payment.channel_closed': '这里没有开放的支付方式。',
  'payment.item_not_ready': '道具还没有发布好。', 'payment.gateway_unavailable': '支付平台暂时没有回应，没有扣退任何款项，请稍后重试。', 'payment.session_stale': '登录状态已过期。', 'refund.state_forbids': '订单当前的状态不能退款。',
  'address.too_many': '最多保存 20 个地址。', 'order.address_missing': '请选择收货地址。', 'offer.one_by_one': '只有教材可以一次买多件。', 'order.other_open': '学员有一笔没有支付的同款订单。', 'refund.more_pieces': '超过了还没有退的件数。', 'parcel.reminder_refused': '微信没有接受这次提醒，每笔付款只能提醒一次。', 'parcel.state_forbids': '这个包裹当前的状态不能这样做，请刷新看看。', 'parcel.columns_missing': '文件里要有“编号”或“订单号”，以及“快递公司”“快递单号”这几列。',
  'refund.more_than_paid': '退款不能超过还可以退的金额。', 'refund.too_many': '一笔支付最多退 50 次。', 'reconciliation.day_ahead': '这一天还没有到。', 'difference.state_forbids': '这条差异不能这样处理。', 'arrival.known': '这个流水号已经登记过。', 'arrival.more_than_held': '超过了这个渠道账面上的余额。', 'discrepancy.nothing_came': '支付平台没有确认收到这笔钱，不能从这里退回。', 'export.too_many': '一次最多导出十万笔分录，请缩短时间段。', 'refund.not_abnormal': '这笔退款不是异常状态，不需要改退银行卡。', 'complaint.state_forbids': '这条投诉当前的状态不能这样做，或微信支付没有接受。', 'payout.no_account': '这位学员没有微信身份，收不了转账。', 'payout.owed_too_little': '没有这么多应付可以减去。', 'payout.over_day_cap': '超过了一天的付款上限。', 'payout.same_person': '要由另一个人同意。', 'payout.state_forbids': '这笔付款当前的状态不能这样做。', 'share.receiver_refused': '微信支付没有接受这个分账接收方，请核对账号与名称。', 'share.over_cap': '比例之和超过了分账上限。', 'share.state_forbids': '这笔分账当前的状态不能这样做。', 'refund.channel_cannot': '这个支付渠道还不支持退款。', 'claim.nothing_left': '这个订单没有可以退的钱了。', 'claim.already_open': '已有一个退款申请在等待处理。', 'claim.state_forbids': '这个申请已经有了结果，请刷新看看。', 'claim.answer_missing': '金额与规则算出的不同，请写明原因。', 'callback.refused': '回调未通过验证。', 'server.bug': '服务器出了错，已记录。没有保存的内容还在页面上。', 'server.starting': '服务器正在启动，请稍候。',
}

const en: Sentences = {
  'network.lost': 'The server cannot be reached. What you typed is still here; try again shortly.',
  'request.invalid': 'Something does not fit. Check it and send again.', 'request.too_large': 'Too large. Shorten it and send again.', 'request.too_many': 'Too many requests. Wait a moment.',
  'request.not_json': 'The request was malformed. Reload the page.', 'route.unknown': 'The server does not know this; it may be upgrading.', 'thing.not_found': 'It cannot be found; it may have been deleted.',
  'thing.changed_meanwhile': 'Somebody saved just now; this change was not written.', 'sign_in.needed': 'Sign in first.', 'sign_in.expired': 'The session has ended.', 'sign_in.code_wrong': 'The code is wrong.',
  'sign_in.code_expired': 'The code has expired.', 'sign_in.attempts_exhausted': 'No tries left; ask for a new code.', 'sign_in.wait': 'Wait before asking for another code.',
  'sign_in.platform_refused': 'The platform refused the sign-in.', 'sign_in.account_closed': 'The account is closed.', 'sms.not_sent': 'The message was not sent.', 'phone.taken': 'The number is in use.',
  'staff.sign_in_needed': 'Your session has ended; sign in again.', 'staff.wrong_password': 'E-mail or password is wrong.', 'staff.totp_needed': 'Enter the six digits of your authenticator.', 'staff.totp_wrong': 'The digits are wrong or used; wait for the next.',
  'staff.locked_out': 'Too many tries. Try again in fifteen minutes.', 'staff.not_permitted': 'Your role may not do this.', 'staff.csrf': 'The page has expired; reload it.', 'staff.email_taken': 'This e-mail already has an account.',
  'staff.last_owner': 'At least one owner must be able to sign in.', 'setup.already_done': 'The academy is set up already; sign in.', 'category.not_empty': 'The category still holds courses or categories; move them first.', 'lecturer.teaches': 'A course still names this lecturer; change the course first.', 'course.not_published': 'The course is not published.',
  'course.cannot_publish': 'It cannot be published yet; complete what is missing.', 'course.state_forbids': 'The state of the course does not allow this.', 'course.slug_taken': 'Another course uses this address.', 'course.in_use': 'Members were given this course; archive it instead of deleting it.', 'lesson.no_access': 'No right to this lesson.',
  'lesson.not_ready': 'The lesson is not ready.', 'lesson.not_playable': 'The lesson cannot be played.', 'review.not_owner_of_course': 'Only buyers may review.', 'review.already_written': 'Already reviewed.',
  'upload.type_refused': 'This type of file is not accepted. Use common video, audio, pictures or VTT subtitles.', 'upload.virus_found': 'The file did not pass the safety check and was deleted.', 'upload.too_large': 'The file is too large.', 'asset.in_use': 'The file is in use.',
  'asset.state_forbids': 'The file is not ready or does not belong here.', 'play.token_refused': 'The address is no longer valid.', 'play.device_limit': 'Too many devices.', 'coin.not_on_sale': 'The coin is not on sale yet: open it on its page first.', 'coin.fixed': 'Once a coin was on sale its name and worth stay; WeChat changes them for nobody.', 'coin.not_connected': 'WeChat virtual payment is not connected, so there can be no coin.', 'coin.not_enough': 'Not enough coins.', 'offer.not_on_sale': 'The course is not on sale.', 'offer.already_owned': 'Already owned.', 'offer.sold_out': 'All seats are taken.', 'plan.trial_used': 'There is one trial a member.', 'plan.have_better': 'The member has this for life, or a higher tier.', 'order.credit_in_use': 'Another unpaid upgrade is spending this credit.', 'code.unknown': 'There is no such code.', 'code.used': 'The code was used.', 'code.expired': 'The code has expired.', 'offer.seats_taken': 'There cannot be fewer seats than are taken.',
  'order.agreement_missing': 'The latest agreement was not accepted.', 'order.price_changed': 'The price has changed.', 'order.state_forbids': 'The state of the order does not allow this.', 'payment.channel_closed': 'No way of paying is open here.',
  'payment.item_not_ready': 'The item is not published yet.', 'payment.gateway_unavailable': 'The payment platform does not answer; no money moved. Try again shortly.', 'payment.session_stale': 'The session is stale.', 'refund.state_forbids': 'The order cannot be refunded in this state.',
  'address.too_many': 'At most 20 addresses are kept.', 'order.address_missing': 'Choose where it is sent.', 'offer.one_by_one': 'Only goods are sold several at once.', 'order.other_open': 'An order of the same goods is not paid yet.', 'refund.more_pieces': 'More pieces than are left.', 'parcel.reminder_refused': 'WeChat did not take the reminder; it reminds once for a payment.', 'parcel.state_forbids': 'Not possible in the state of this parcel; look again.', 'parcel.columns_missing': 'The file needs 编号 or 订单号, and the columns 快递公司 and 快递单号.',
  'refund.more_than_paid': 'A refund cannot exceed what is left.', 'refund.too_many': 'One payment can be refunded 50 times at most.', 'reconciliation.day_ahead': 'That day has not come yet.', 'difference.state_forbids': 'This difference cannot be handled like that.', 'arrival.known': 'This reference is booked already.', 'arrival.more_than_held': 'More than the books say that this rail holds.', 'discrepancy.nothing_came': 'The payment platform does not confirm that money came; nothing can be given back from here.', 'export.too_many': 'At most a hundred thousand entries are exported at once: choose a shorter time.', 'refund.not_abnormal': 'This refund is not abnormal; it needs no bank card.', 'complaint.state_forbids': 'Not possible in the state of this complaint, or WeChat Pay does not take it.', 'payout.no_account': 'This member has no WeChat account to pay to.', 'payout.owed_too_little': 'Less than that is owed.', 'payout.over_day_cap': "More than a day's cap.", 'payout.same_person': 'Somebody else has to agree.', 'payout.state_forbids': 'Not possible in the state of this payout.', 'share.receiver_refused': 'WeChat Pay did not take this receiver; check account and name.', 'share.over_cap': 'The rates together exceed the cap.', 'share.state_forbids': 'Not possible in the state of this sharing.', 'refund.channel_cannot': 'This channel cannot refund yet.', 'claim.nothing_left': 'Nothing of this order is left to give back.', 'claim.already_open': 'A claim is waiting for an answer already.', 'claim.state_forbids': 'This claim has been decided; look again.', 'claim.answer_missing': 'The sum is not the one of the rule: say why.', 'callback.refused': 'The callback was not verified.', 'server.bug': 'The server failed and has recorded it. What you typed is still on the page.', 'server.starting': 'The server is starting; wait a moment.',
}

export const refusalSentences = both(zh, en)

const fields = both<Record<string, string>>(
  {
    academy: '书院名称', accessDays: '有效天数', at: '发布时间', closeUnpaidMinutes: '未支付订单关闭', code: '验证码', course: '课程', deviceLimit: '同时登录设备数', email: '邮箱', icpLine: '备案信息', introduction: '介绍', key: '一次性密钥', markdown: '正文',
    motto: '一句话介绍', name: '名称', next: '新密码', note: '说明', outcomes: '学完你能', password: '密码', price: '价格', promise: '一句话承诺', q: '搜索内容', reason: '原因', refundRule: '退款规则', slug: '网址名', speeds: '播放倍速', summary: '简介', supportPhone: '客服电话', text: '回复', title: '标题', totp: '六位数字', trial: '试看', until: '有效期', why: '原因', zone: '时区',
  },
  {
    academy: 'Name of the academy', accessDays: 'Days of access', at: 'Publishing time', closeUnpaidMinutes: 'Closing of unpaid orders', code: 'Code', course: 'Course', deviceLimit: 'Devices at once', email: 'E-mail', icpLine: 'ICP line', introduction: 'Introduction', key: 'One-time key', markdown: 'Text',
    motto: 'Motto', name: 'Name', next: 'New password', note: 'Note', outcomes: 'Outcomes', password: 'Password', price: 'Price', promise: 'Promise', q: 'Search', reason: 'Reason', refundRule: 'Refund rule', slug: 'Address', speeds: 'Speeds', summary: 'Summary', supportPhone: 'Support phone', text: 'Answer', title: 'Title', totp: 'Six digits', trial: 'Trial', until: 'Until', why: 'Reason', zone: 'Time zone',
  },
)
const misfit = both({ say: (name: string) => `「${name}」不符合要求。请改好再提交，其余内容都还在。` }, { say: (name: string) => `“${name}” does not fit. Change it and send again; the rest is kept.` })

/** Which field of a request was refused, when it is one an operator knows by name. */
export function fieldSentence(field: unknown): string | undefined {
  const name = typeof field === 'string' ? fields[field.split(/[./]/)[0] ?? ''] : undefined
  return name === undefined ? undefined : misfit.say(name)
}
