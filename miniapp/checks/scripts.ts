// Reading the built scripts: as ES2017, the oldest engine they meet.
import { parse, type AnyNode, type Node } from 'acorn'

/** The tree, or why there is none. */
export function parseScript(text: string): Node | string {
  try {
    return parse(text, { ecmaVersion: 2017, sourceType: 'script', allowReturnOutsideFunction: true })
  } catch (error) {
    return (error as Error).message
  }
}

export function* nodesOf(tree: Node): Generator<AnyNode> {
  yield tree as AnyNode
  for (const value of Object.values(tree)) {
    for (const inner of Array.isArray(value) ? value : [value]) if (isNode(inner)) yield* nodesOf(inner)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

export function requiresOf(tree: Node): string[] {
  return [...nodesOf(tree)].flatMap((node) => (node.type === 'CallExpression' && nameOf(node.callee) === 'require' ? [textOf(node.arguments[0])] : [])).filter((id) => id !== '')
}

/** `a.b.c` as a text; empty for what is no plain name. */
export function nameOf(node: Node | null | undefined): string {
  const any = node as AnyNode | null | undefined
  if (any?.type === 'Identifier') return any.name
  if (any?.type !== 'MemberExpression') return ''
  const [owner, name] = [nameOf(any.object), any.computed ? textOf(any.property) : nameOf(any.property)]
  return owner && name ? `${owner}.${name}` : ''
}

export function textOf(node: Node | null | undefined): string {
  const any = node as AnyNode | null | undefined
  if (any?.type === 'Literal' && typeof any.value === 'string') return any.value
  if (any?.type === 'TemplateElement') return any.value.cooked ?? ''
  return ''
}
