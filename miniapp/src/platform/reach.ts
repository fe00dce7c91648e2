// On the web a view with a role is reached by Tab (the build sees to it) and acted on by Enter and the space bar.
export function actByKeys(): void {
  // #ifdef H5
  const roles = '[role=button],[role=link],[role=checkbox],[role=radio]'
  addEventListener('keydown', (event) => {
    const on = event.target
    if ((event.key !== 'Enter' && event.key !== ' ') || !(on instanceof HTMLElement) || !on.matches(roles)) return
    event.preventDefault()
    on.click()
  })
  // #endif
}
