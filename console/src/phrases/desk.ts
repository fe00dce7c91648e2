// Sentences of today's figures, members, staff and the academy.
import { both } from './both.ts'

export const words = both(
  {
    takings: '今日收入（已减退款）', orders: '订单', newMembers: '新学员', activeLearners: '学习人数', yesterday: '昨日', lastWeek: '上周同日', days: '近三十天', takingsShort: '收入', attention: '需要处理', nothingWaits: '没有等着你处理的事。', checklist: '开张清单', best: '近三十天卖得最好', noSales: '还没有成交。',
    attentions: { failed_media: '处理失败的文件', refunds_waiting: '未完成的退款', notices_to_check: '需要核对的支付', reviews_unanswered: '未回复的评价', items_not_ready: '未就绪的微信道具' },
    steps: { academy_named: '给书院起名', totp_on: '开启两步验证', course_published: '发布第一门课', offer_on_sale: '设定价格', payment_connected: '接通支付', first_sale: '第一笔成交' },
    searchMembers: '昵称、编号或完整手机号', noMembers: '没有符合条件的学员。', member: '学员', nickname: '昵称', phone: '手机号', platforms: '来处', courses: '课程', spent: '累计实付', joined: '加入时间', lastSeen: '最近来访', closed: '已注销', platformNames: { wechat: '微信', douyin: '抖音', alipay: '支付宝', baidu: '百度', h5: '网页' },
    unmask: '查看完整号码', unmaskAsk: '写下原因，会记入操作记录。', owns: '拥有的课程', ownsNothing: '还没有课程。', because: { bought: '购买', granted: '手动开通', free: '免费领取' }, until: '有效至', revoked: '已收回', ended: '已到期', live: '有效', grant: '开通课程', grantNote: '说明（学员可见）', grantUntil: '有效至（留空为永久）', revoke: '收回', revokeAsk: '写下收回的原因', theirOrders: '订单', noOrders: '没有订单。', course: '课程',
    progress: '学习进度', noProgress: '还没有开始学习。', lessonsDone: (done: number, all: number) => `完成 ${done} / ${all} 课`,
    staff: '人员', addStaff: '添加人员', name: '姓名', email: '邮箱', role: '角色', roles: { owner: '所有者', editor: '编辑', finance: '财务', support: '客服', lecturer: '讲师' }, active: '可登录', totp: '两步验证', on: '已开启', off: '未开启', password: '初始密码', newPassword: '新密码', passwordHint: '至少 10 个字符', matrix: '角色与权限', resetPassword: '重置密码', resetAsk: (name: string) => `给${name}一个新的初始密码（至少 10 个字符）。现有的登录会全部退出。`, passwordReset: '密码已重置，请告诉本人',
    permissions: {
      'academy.manage': '管理书院设置与协议', 'staff.manage': '管理人员', 'audit.read': '查看操作记录', 'course.read': '查看课程', 'course.write': '编辑课程', 'course.publish': '发布与归档', 'review.reply': '回复评价', 'price.write': '定价',
      'order.read': '查看订单', 'order.refund': '退款', 'order.export': '导出订单', 'ledger.read': '查看账本', 'member.read': '查看学员', 'member.unmask': '查看完整手机号', 'access.grant': '开通与收回课程', 'report.read': '查看数据',
    },
    searchAudit: '动作、对象或姓名', noAudit: '没有记录。', who: '谁', action: '动作', subject: '对象', before: '之前', after: '之后', address: '地址', system: '系统', auditAbout: '只增不改：记录谁在何时把什么改成了什么。', at: '时间',
    settings: { name: '书院名称', motto: '一句话介绍', introduction: '介绍', logo: '标志', zone: '时区', icpLine: '备案信息', supportPhone: '客服电话', refundRule: '退款规则', reviews: '开放评价', search: '开放搜索', speeds: '播放倍速（用空格分开）', deviceLimit: '同时登录设备数', closeUnpaidMinutes: '未支付订单关闭（分钟）' },
    agreementKinds: { terms: '用户协议', privacy: '隐私政策', purchase: '购买协议' }, agreementsAbout: '发布新版本后，学员下次操作时需重新同意；旧版本按当时同意的样子保留。', version: (number: number) => `第 ${number} 版`, effective: '生效于', publishNew: '发布新版本', agreementTitle: '标题', agreementPublished: '新版本已生效', noAgreement: '还没有发布。',
    changePassword: '修改密码', current: '当前密码', next: '新密码', passwordChanged: '密码已修改，其他设备已退出', twoStep: '两步验证', twoStepAbout: '登录时除密码外再输入验证器里的六位数字。', begin: '开始设置', scan: '用验证器扫描二维码，再输入六位数字。', secret: '不能扫描时手动输入', turnOn: '开启', turnOff: '关闭两步验证', turnOffAsk: '输入密码以关闭', code: '六位数字', myRole: '我的角色',
  },
  {
    takings: 'Takings today, net of refunds', orders: 'Orders', newMembers: 'New members', activeLearners: 'Active learners', yesterday: 'yesterday', lastWeek: 'last week', days: 'Last thirty days', takingsShort: 'Takings', attention: 'Needs attention', nothingWaits: 'Nothing waits for you.', checklist: 'Opening checklist', best: 'Best of thirty days', noSales: 'No sales yet.',
    attentions: { failed_media: 'Failed files', refunds_waiting: 'Refunds waiting', notices_to_check: 'Payment notices to check', reviews_unanswered: 'Unanswered reviews', items_not_ready: 'WeChat items not ready' },
    steps: { academy_named: 'Name the academy', totp_on: 'Turn two-step on', course_published: 'Publish a course', offer_on_sale: 'Set a price', payment_connected: 'Connect payment', first_sale: 'First sale' },
    searchMembers: 'Nickname, id, or a whole phone number', noMembers: 'No member matches.', member: 'Member', nickname: 'Nickname', phone: 'Phone', platforms: 'From', courses: 'Courses', spent: 'Spent', joined: 'Joined', lastSeen: 'Last seen', closed: 'Closed', platformNames: { wechat: 'WeChat', douyin: 'Douyin', alipay: 'Alipay', baidu: 'Baidu', h5: 'Web' },
    unmask: 'Show the whole number', unmaskAsk: 'Say why; it goes into the audit log.', owns: 'What they own', ownsNothing: 'No courses yet.', because: { bought: 'Bought', granted: 'Granted', free: 'Free' }, until: 'until', revoked: 'Revoked', ended: 'Ended', live: 'Live', grant: 'Grant a course', grantNote: 'Note, seen by the member', grantUntil: 'Until (empty: for good)', revoke: 'Revoke', revokeAsk: 'Say why', theirOrders: 'Orders', noOrders: 'No orders.', course: 'Course',
    progress: 'Progress', noProgress: 'Not begun yet.', lessonsDone: (done: number, all: number) => `${done} / ${all} lessons`,
    staff: 'Staff', addStaff: 'Add somebody', name: 'Name', email: 'E-mail', role: 'Role', roles: { owner: 'Owner', editor: 'Editor', finance: 'Finance', support: 'Support', lecturer: 'Lecturer' }, active: 'May sign in', totp: 'Two-step', on: 'on', off: 'off', password: 'First password', newPassword: 'New password', passwordHint: 'At least 10 characters', matrix: 'Roles and permissions', resetPassword: 'Reset password', resetAsk: (name: string) => `A new first password for ${name}, at least 10 characters. They are signed out everywhere.`, passwordReset: 'Password reset; tell them',
    permissions: {
      'academy.manage': 'Settings and agreements', 'staff.manage': 'Staff', 'audit.read': 'Audit log', 'course.read': 'See courses', 'course.write': 'Write courses', 'course.publish': 'Publish and archive', 'review.reply': 'Answer reviews', 'price.write': 'Set prices',
      'order.read': 'See orders', 'order.refund': 'Refund', 'order.export': 'Export orders', 'ledger.read': 'See the ledger', 'member.read': 'See members', 'member.unmask': 'See whole numbers', 'access.grant': 'Grant and revoke', 'report.read': 'See figures',
    },
    searchAudit: 'Action, subject or name', noAudit: 'No entries.', who: 'Who', action: 'Action', subject: 'Subject', before: 'Before', after: 'After', address: 'Address', system: 'System', auditAbout: 'Append-only: who changed what into what, and when.', at: 'At',
    settings: { name: 'Name', motto: 'Motto', introduction: 'Introduction', logo: 'Logo', zone: 'Time zone', icpLine: 'ICP line', supportPhone: 'Support phone', refundRule: 'Refund rule', reviews: 'Reviews', search: 'Search', speeds: 'Speeds, with spaces between', deviceLimit: 'Devices at once', closeUnpaidMinutes: 'Close unpaid orders after (minutes)' },
    agreementKinds: { terms: 'Terms', privacy: 'Privacy', purchase: 'Purchase' }, agreementsAbout: 'After a new version learners agree again; earlier versions stay as accepted.', version: (number: number) => `version ${number}`, effective: 'in force since', publishNew: 'Publish a new version', agreementTitle: 'Title', agreementPublished: 'The new version is in force', noAgreement: 'Not published yet.',
    changePassword: 'Change password', current: 'Current password', next: 'New password', passwordChanged: 'Changed; other sessions have ended', twoStep: 'Two-step sign-in', twoStepAbout: 'Six digits of an authenticator beside the password.', begin: 'Begin', scan: 'Scan with your authenticator, then enter the six digits.', secret: 'By hand', turnOn: 'Turn on', turnOff: 'Turn off', turnOffAsk: 'Your password', code: 'Six digits', myRole: 'My role',
  },
)
