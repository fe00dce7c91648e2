// What the reader sees while something takes its time.

const isTerminal = process.stdout.isTTY === true

/** Runs one step; from the first second on the reader sees that it runs, and at the end how long it took. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now()
  const seconds = () => Math.round((Date.now() - began) / 1000)
  let announced = false
  const ticker = setInterval(() => {
    if (isTerminal) process.stdout.write(`\r  ${name} … ${seconds()} s `)
    else if (!announced || seconds() % 15 === 0) console.log(`  ${name} … ${seconds()} s`)
    announced = true
  }, 1000)
  try {
    const result = await work()
    if (announced) console.log(`${isTerminal ? '\r' : ''}  ${name}: done in ${seconds()} s`)
    return result
  } finally {
    clearInterval(ticker)
  }
}

export function say(sentence: string) {
  console.log(`  ${sentence}`)
}
