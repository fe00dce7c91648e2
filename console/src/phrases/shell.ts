// Sentences of the frame: navigation, signing in, setting up, and what every page shares.
import { both } from './both.ts'

export const words = both(
  {
    brand: '书院', console: '工作台', home: '今日', here: '位置', other: 'English',
    wings: { desk: '书案', content: '内容', selling: '售卖', trade: '交易', money: '资金', people: '学员', academy: '书院' },
    pages: {
      today: '今日', courses: '课程', course: '编辑课程', shelves: '分类与讲师', media: '文件', reviews: '评价', orders: '订单', claims: '退款申请', complaints: '投诉', shares: '分账', payouts: '付款', offers: '套餐', goods: '教材', shipping: '发货', plans: '会员方案', coins: '代币', codes: '兑换码', ledger: '账本', refundAsks: '抖音退款申请', notices: '支付通知', discrepancies: '支付差异', reconciliation: '对账', differences: '对账差异', channels: '支付渠道',
      members: '学员', staff: '人员与角色', audit: '操作记录', academy: '书院设置', agreements: '协议', account: '我的账号',
    },
    signIn: { title: '登录工作台', email: '邮箱', password: '密码', code: '验证器里的六位数字', submit: '登录', next: '继续', back: '换个账号', motto: '把课讲好，其余交给书案。' },
    setUp: { title: '创建你的书院', about: '服务器启动时打印了一次性密钥，用它证明这台服务器是你的。', key: '一次性密钥', academy: '书院名称', name: '你的名字', passwordHint: '至少 10 个字符', submit: '创建' },
    signOut: '退出登录', menu: '菜单', search: '搜索或跳转', palette: { hint: '输入页面、课程、订单号或学员', none: '没有找到，换个词试试。', page: '页面', course: '课程', order: '订单', member: '学员' },
    demo: '演示书院', loading: '正在载入', retry: '重试', more: '加载更多', end: '到底了', empty: '这里还没有内容', copy: '复制', copied: '已复制', close: '关闭', cancel: '取消', save: '保存', saved: '已保存', edit: '编辑', remove: '删除', add: '添加', confirm: '确认', leaveAsk: '有修改还没有保存，离开后这些修改就没有了。', leave: '仍然离开',
    all: '全部', none: '无', yes: '是', no: '否', forGood: '永久', denied: '你的角色看不到这一页。', lost: '没有这一页。', goHome: '回到今日', required: '必填', reference: '请求编号',
    keys: '↑ ↓ 移动，回车打开', skip: '跳到内容', themes: { light: '换成浅色', dark: '换成深色' }, clearFilters: '清除筛选',
  },
  {
    brand: 'Shuyuan', console: 'Console', home: 'Today', here: 'Where you are', other: '中文',
    wings: { desk: 'Desk', content: 'Content', selling: 'Selling', trade: 'Trade', money: 'Money', people: 'People', academy: 'Academy' },
    pages: {
      today: 'Today', courses: 'Courses', course: 'Edit course', shelves: 'Categories & lecturers', media: 'Files', reviews: 'Reviews', orders: 'Orders', claims: 'Refund claims', complaints: 'Complaints', shares: 'Profit sharing', payouts: 'Payouts', offers: 'Bundles', goods: 'Goods', shipping: 'Shipping', plans: 'Plans', coins: 'Coins', codes: 'Redeem codes', ledger: 'Ledger', refundAsks: 'Douyin refund requests', notices: 'Payment notices', discrepancies: 'Discrepancies', reconciliation: 'Reconciliation', differences: 'Differences', channels: 'Payment channels',
      members: 'Members', staff: 'Staff & roles', audit: 'Audit log', academy: 'Settings', agreements: 'Agreements', account: 'My account',
    },
    signIn: { title: 'Sign in to the console', email: 'E-mail', password: 'Password', code: 'Six digits of your authenticator', submit: 'Sign in', next: 'Continue', back: 'Another account', motto: 'Teach well; the desk keeps the rest.' },
    setUp: { title: 'Create your academy', about: 'The server printed a one-time key when it started; it proves the server is yours.', key: 'One-time key', academy: 'Name of the academy', name: 'Your name', passwordHint: 'At least 10 characters', submit: 'Create' },
    signOut: 'Sign out', menu: 'Menu', search: 'Search or go to', palette: { hint: 'A page, course, order number or member', none: 'Nothing found; try another word.', page: 'Page', course: 'Course', order: 'Order', member: 'Member' },
    demo: 'Demo academy', loading: 'Loading', retry: 'Try again', more: 'Load more', end: 'The end', empty: 'Nothing here yet', copy: 'Copy', copied: 'Copied', close: 'Close', cancel: 'Cancel', save: 'Save', saved: 'Saved', edit: 'Edit', remove: 'Delete', add: 'Add', confirm: 'Confirm', leaveAsk: 'Some changes are not saved. They are lost when you leave.', leave: 'Leave anyway',
    all: 'All', none: 'None', yes: 'Yes', no: 'No', forGood: 'for good', denied: 'Your role does not see this page.', lost: 'There is no such page.', goHome: 'Back to today', required: 'Required', reference: 'Request',
    keys: '↑ ↓ to move, Enter to open', skip: 'Skip to content', themes: { light: 'Light', dark: 'Dark' }, clearFilters: 'Clear filters',
  },
)
