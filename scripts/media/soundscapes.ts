// The eight sounds of the evening course, each a scene of its own, and the quiet music under the sky films.
import { between, chanceFrom, pick, type Chance } from './chance.ts'
import { band, bell, below, chime, drift, mixInto, noise, pluck, room, shape, silence, type Track } from './sound.ts'

/** The pentatonic of the qin in F, from the lowest open string: zheng diao tuning, as ratios of just intonation. */
const openStrings = [65.4, 73.6, 87.3, 98.1, 109, 130.8, 147.2, 174.6, 196.2, 218, 261.6, 294.4] as const

export interface Soundscape { key: string, seconds: number, peak: number, make: () => Track }

export const soundscapes: readonly Soundscape[] = [
  { key: '01', seconds: 72, peak: 0.62, make: () => rain(chanceFrom(11), 72) },
  { key: '02', seconds: 70, peak: 0.6, make: () => bamboo(chanceFrom(22), 70) },
  { key: '03', seconds: 75, peak: 0.66, make: () => tide(chanceFrom(33), 75) },
  { key: '04', seconds: 66, peak: 0.6, make: () => fire(chanceFrom(44), 66) },
  { key: '05', seconds: 66, peak: 0.42, make: () => crickets(chanceFrom(55), 66) },
  { key: '06', seconds: 78, peak: 0.6, make: () => bells(chanceFrom(66), 78) },
  { key: '07', seconds: 84, peak: 0.66, make: () => qin(chanceFrom(77), 84, 1) },
  { key: '08', seconds: 90, peak: 0.64, make: () => rainAndQin(chanceFrom(88), 90) },
]

/** Music for a film: a few plucked notes and far harmonics over a breath of air. */
export function filmMusic(seed: number, seconds: number): Track {
  const chance = chanceFrom(seed)
  const track = qin(chance, seconds, 0.8)
  const air = shape(below(band(noise(chance, seconds), () => 420, 0.9), 700), drift(11, seed))
  mixInto(track, air, 0, 0.035)
  return track
}

function rain(chance: Chance, seconds: number): Track {
  const track = silence(seconds)
  const heavy = drift(31, 0.7)
  mixInto(track, shape(band(noise(chance, seconds), () => 2600, 1.4), (t) => 0.35 + heavy(t) * 0.5), 0, 0.16)
  mixInto(track, shape(below(noise(chance, seconds), 420), (t) => 0.5 + heavy(t) * 0.5), 0, 0.32)
  for (let t = 0; t < seconds - 1; t += between(chance, 0.012, 0.09)) mixInto(track, drop(chance, between(chance, 1400, 4200), 0.03), t, between(chance, 0.02, 0.12))
  for (let t = 0.6; t < seconds - 2; t += pick(chance, [0.9, 1.1, 1.35, 1.8, 2.3])) mixInto(track, drop(chance, between(chance, 520, 880), 0.16), t + between(chance, 0, 0.2), between(chance, 0.25, 0.6))
  return room(chance, track, 0.5, 0.9)
}

/** One drop in water: a short tone that climbs as its bubble closes. */
function drop(chance: Chance, hertz: number, seconds: number): Track {
  const out = silence(seconds)
  const climb = between(chance, 0.1, 0.7)
  let phase = 0
  for (let i = 0; i < out.length; i++) {
    const x = i / out.length
    phase += (2 * Math.PI * hertz * (1 + climb * x)) / 32_000
    out[i] = Math.sin(phase) * Math.exp(-6 * x) * Math.min(1, i / 24)
  }
  return out
}

function bamboo(chance: Chance, seconds: number): Track {
  const track = silence(seconds)
  const gust = drift(19, 1.9)
  const lift = (t: number) => Math.max(0.06, gust(t)) ** 1.8
  mixInto(track, shape(band(noise(chance, seconds), (t) => 500 + 900 * gust(t), 1.1), lift), 0, 0.2)
  mixInto(track, shape(band(noise(chance, seconds), (t) => 3200 + 1200 * gust(t), 0.8), (t) => lift(t + 0.6) ** 1.3), 0, 0.12)
  for (let t = 3; t < seconds - 3; t += between(chance, 1.6, 6.5)) {
    const knock = knockOf(chance, between(chance, 290, 620))
    const loud = between(chance, 0.25, 0.9) * (0.35 + lift(t))
    mixInto(track, knock, t, loud)
    if (chance() < 0.45) mixInto(track, knock, t + between(chance, 0.12, 0.3), loud * 0.4)
  }
  return room(chance, track, 0.8, 1.6)
}

/** Two hollow stems meeting. */
function knockOf(chance: Chance, hertz: number): Track {
  const out = silence(0.3)
  for (const [ratio, loud] of [[1, 1], [2.76, 0.4], [5.4, 0.12]] as const) {
    for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + Math.sin((2 * Math.PI * hertz * ratio * i) / 32_000) * loud * Math.exp((-i * (18 + ratio * 9)) / 32_000)
  }
  mixInto(out, shape(noise(chance, 0.01), (t) => 1 - t * 100), 0, 0.2)
  return out
}

function tide(chance: Chance, seconds: number): Track {
  const track = silence(seconds)
  mixInto(track, below(noise(chance, seconds), 160), 0, 0.5)
  for (let t = -3; t < seconds; t += between(chance, 8.6, 11.4)) {
    const length = between(chance, 9, 12)
    const swell = (at: number) => Math.sin(Math.PI * Math.min(1, at / length)) ** 2.6
    const wave = shape(band(noise(chance, length), (at) => 380 + 1500 * swell(at), 1.3), swell)
    const foam = shape(band(noise(chance, length), (at) => 5200 - 250 * at, 1.2), (at) => swell(Math.max(0, at - 1.6)) ** 1.4)
    const loud = between(chance, 0.7, 1)
    mixInto(track, wave, t, 0.34 * loud)
    mixInto(track, foam, t, 0.13 * loud)
  }
  return room(chance, track, 0.3, 1.1)
}

function fire(chance: Chance, seconds: number): Track {
  const track = silence(seconds)
  const flame = drift(7, 0.2)
  mixInto(track, shape(below(noise(chance, seconds), 210), (t) => 0.5 + 0.5 * flame(t)), 0, 0.75)
  mixInto(track, shape(band(noise(chance, seconds), (t) => 700 + 300 * flame(t), 1.2), flame), 0, 0.035)
  for (let t = 0.3; t < seconds - 1;) {
    const burst = chance() < 0.2 ? Math.floor(between(chance, 3, 9)) : 1
    for (let i = 0; i < burst; i++) mixInto(track, crack(chance), t + i * between(chance, 0.015, 0.07), between(chance, 0.08, 0.5) / Math.sqrt(burst))
    t += -Math.log(1 - chance() * 0.98) * 0.3
  }
  return room(chance, track, 0.25, 0.5)
}

function crack(chance: Chance): Track {
  const seconds = between(chance, 0.006, 0.03)
  const hertz = between(chance, 900, 3600)
  return shape(band(noise(chance, seconds + 0.03), () => hertz, 0.5), (t) => Math.exp(-t / (seconds * 0.3)))
}

function crickets(chance: Chance, seconds: number): Track {
  const track = silence(seconds)
  mixInto(track, below(noise(chance, seconds), 300), 0, 0.1)
  for (const [hertz, pulses, rest, loud] of [[4150, 3, 0.62, 0.3], [3620, 9, 2.4, 0.2], [4780, 4, 1.05, 0.12]] as const) {
    for (let t = between(chance, 0.5, 3); t < seconds - 2;) {
      if (chance() < 0.06) t += between(chance, 2, 6)
      for (let i = 0; i < pulses; i++) mixInto(track, chirp(hertz * between(chance, 0.997, 1.003)), t + i * 0.042, loud * between(chance, 0.75, 1))
      t += pulses * 0.042 + rest * between(chance, 0.85, 1.25)
    }
  }
  return room(chance, track, 0.4, 0.7)
}

function chirp(hertz: number): Track {
  const out = silence(0.03)
  for (let i = 0; i < out.length; i++) out[i] = Math.sin((2 * Math.PI * hertz * i) / 32_000) * Math.sin((Math.PI * i) / out.length) ** 1.5
  return out
}

function bells(chance: Chance, seconds: number): Track {
  const track = silence(seconds)
  for (let t = 1.5; t < seconds - 14; t += 15.2) mixInto(track, bell(118, Math.min(26, seconds - t)), t, 0.5)
  mixInto(track, shape(below(noise(chance, seconds), 240), drift(23, 0.4)), 0, 0.06)
  return room(chance, track, 0.9, 3.4)
}

/** A slow tune that wanders over the open strings: steps mostly, a leap now and then, silence between breaths. */
function qin(chance: Chance, seconds: number, density: number): Track {
  const track = silence(seconds)
  let string = 5
  for (let t = 0.8; t < seconds - 4;) {
    const notes = Math.floor(between(chance, 3, 7) * density)
    for (let i = 0; i < notes && t < seconds - 4; i++) {
      const leap = chance() < 0.2 ? pick(chance, [-4, -3, 3, 4]) : pick(chance, [-2, -1, -1, 1, 1, 2])
      string = Math.min(11, Math.max(2, string + leap))
      const hertz = openStrings[string] ?? 130.8
      const last = i === notes - 1
      if (chance() < 0.18) mixInto(track, chime(hertz * 4, 3.2), t, 0.1)
      else mixInto(track, pluck(chance, hertz, last ? 5.5 : 4, between(chance, 0.25, 0.5)), t, between(chance, 0.6, 0.95))
      if (last) mixInto(track, pluck(chance, openStrings[chance() < 0.5 ? 0 : 2] ?? 65.4, 6, 0.3), t + 0.05, 0.6)
      t += pick(chance, [0.55, 0.8, 0.8, 1.1, 1.6])
    }
    t += between(chance, 1.2, 2.6)
  }
  return room(chance, track, 0.75, 2.2)
}

function rainAndQin(chance: Chance, seconds: number): Track {
  const track = silence(seconds)
  mixInto(track, rain(chance, seconds), 0, 0.5)
  mixInto(track, qin(chance, seconds - 6, 0.75), 4, 0.9)
  return track
}
