// The one block that says where everything is.

export type Addresses = {
  publicUrl: string
  sandboxUrl: string | undefined
  operator: { email: string; password: string } | undefined
  /** Set while the academy waits for its first operator. */
  setupKey: string | undefined
  dir: string
}

export function banner({ publicUrl, sandboxUrl, operator, setupKey, dir }: Addresses): string {
  const rows: [string, string][] = [
    ['学员端 Learners', `${publicUrl}/`],
    ['管理后台 Console', `${publicUrl}/console/`],
    ...(setupKey ? [['  首次设置 set-up key', setupKey] as [string, string]] : []),
    ...(operator ? [['  登录 sign in', `${operator.email}   ${operator.password}`] as [string, string]] : []),
    ...(sandboxUrl ? [['沙箱收银台 Cashier', `${sandboxUrl}/cashier`], ['短信收件箱 SMS inbox', `${sandboxUrl}/inbox`]] as [string, string][] : []),
    ['接口文档 API', `${publicUrl}/api/document`],
    ['数据目录 Data', dir],
  ]
  const width = Math.max(...rows.map(([label]) => columnsOf(label)))
  const lines = rows.map(([label, value]) => `  ${label}${' '.repeat(width - columnsOf(label))}   ${value}`)
  return ['', '  书院 Shuyuan 已就绪 · ready', '', ...lines, '', '  Ctrl-C 停止 · stops everything', ''].join('\n')
}

/** Chinese characters are two columns wide in a terminal. */
function columnsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 2 : 1), 0)
}
