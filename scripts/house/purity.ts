// What rules and rooms must not reach for: clock, chance, waiting, environment, the network, errors.
import { posix } from 'node:path'
import ts from 'typescript'
import { lineOf, walk, type Finding, type Source } from './sources.ts'

type Report = (node: ts.Node, rule: string, advice: string) => void

export function checkPurity(source: Source): Finding[] {
  const { tree, path } = source
  if (!tree) return []
  const findings: Finding[] = []
  const report: Report = (node, rule, advice) => findings.push({ path, line: lineOf(tree, node), rule, advice })
  const isRules = source.room !== undefined && posix.basename(path) === 'rules.ts'
  walk(tree, (node) => {
    if (isRules) checkRules(node, report)
    if (source.zone === 'room' && !source.isTest) checkRoom(node, report)
    if (mayNotCatch(source)) checkCatch(node, report)
    if (mayNotReadEnvironment(source)) checkEnvironment(node, report)
  })
  return findings
}

const impureModules = /^(node:(?!path|util|url|querystring|assert)|#gateways\/|#kernel\/(db|ctx|jobs|log|metrics|serve)\.ts)/

function checkRules(node: ts.Node, report: Report) {
  const advice = 'rules are pure: take the value as an argument, and let the action fetch it'
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword) report(node, 'pure rules', advice)
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const name = node.expression.getText()
    if (/^(Math\.random|performance\.now|crypto\.\w+|process\.\w+|setTimeout|setInterval|new Promise|Promise\.\w+)$/.test(name)) report(node, 'pure rules', advice)
  }
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return
  const isType = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
  if (!isType && impureModules.test(node.moduleSpecifier.text)) report(node, 'pure rules', `${node.moduleSpecifier.text} is not for rules: ${advice}`)
}

function checkRoom(node: ts.Node, report: Report) {
  if (ts.isCallExpression(node)) {
    const name = node.expression.getText()
    if (name === 'Date.now') report(node, 'clock', 'take the time from ctx.now')
    if (name === 'fetch') report(node, 'outside world', 'speak to vendors through a gateway')
    if (name === 'inTransaction') checkTransaction(node, report)
  }
  const isNow = ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0
  if (isNow) report(node, 'clock', 'take the time from ctx.now')
}

/** The inner ctx must hide the outer one, for only the inner one is in the transaction. */
function checkTransaction(node: ts.CallExpression, report: Report) {
  const [outer, work] = node.arguments
  const parameter = work && (ts.isArrowFunction(work) || ts.isFunctionExpression(work)) ? work.parameters[0]?.name.getText() : undefined
  if (outer?.getText() === 'ctx' && parameter === 'ctx') return
  report(node, 'inner ctx', 'write inTransaction(ctx, async (ctx) => …): the inner ctx shadows the outer on purpose')
}

const catchers = new Set(['kernel', 'gateways', 'sandbox', 'scripts', 'console', 'miniapp', 'client tools', 'front door', 'server test', 'other'])

function mayNotCatch(source: Source): boolean {
  return !source.isTest && !catchers.has(source.zone)
}

function checkCatch(node: ts.Node, report: Report) {
  const isMethod = ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'catch'
  if (!ts.isCatchClause(node) && !isMethod) return
  report(node, 'catch', 'only kernel and gateways catch: let it rise, or let the gateway name the outcome')
}

const readers = new Set(['scripts', 'sandbox', 'front door', 'server test', 'client tools', 'other'])

function mayNotReadEnvironment(source: Source): boolean {
  return !source.isTest && !readers.has(source.zone) && source.path !== 'server/config.ts'
}

/** UNI_PLATFORM and NODE_ENV are replaced by the build of the mini program: they are no environment there. */
function checkEnvironment(node: ts.Node, report: Report) {
  if (!ts.isPropertyAccessExpression(node) || node.getText() !== 'process.env') return
  const knob = ts.isPropertyAccessExpression(node.parent) ? node.parent.name.text : ''
  if (knob === 'UNI_PLATFORM' || knob === 'NODE_ENV') return
  report(node, 'environment', 'every knob stands in server/config.ts: take it from ctx or an argument')
}
