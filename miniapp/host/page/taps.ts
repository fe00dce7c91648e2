// What fingers do on the page, told to the component under them.
import { tell } from './engine.ts'

type Held = { __wxElement?: unknown }

export function listenToFingers(): void {
  document.addEventListener('click', (event) => {
    const held = heldBy(event.target)
    if (held) tell(held, 'tap', { x: event.clientX, y: event.clientY }, true)
  })
}

function heldBy(target: EventTarget | null): unknown {
  for (let node = target as (Node & Held) | null; node; node = node.parentNode) if (node.__wxElement) return node.__wxElement
  return null
}
