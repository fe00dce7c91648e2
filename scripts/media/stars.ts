// The bright stars the films name: right ascension in hours, declination in degrees, magnitude, and a hint of colour.

export interface Star { ra: number, dec: number, magnitude: number, warmth: -1 | 0 | 1 }

const rows = `
dubhe 11.062 61.75 1.8 1|merak 11.031 56.38 2.4 0|phecda 11.897 53.69 2.4 0|megrez 12.257 57.03 3.3 0|alioth 12.9 55.96 1.8 0|mizar 13.399 54.93 2.2 0|alkaid 13.792 49.31 1.9 -1
polaris 2.53 89.26 2 0|yildun 17.537 86.59 4.3 0|umiEps 16.766 82.04 4.2 0|umiZeta 15.734 77.79 4.3 0|umiEta 16.292 75.76 4.9 0|kochab 14.845 74.16 2.1 1|pherkad 15.345 71.83 3 0
schedar 0.675 56.54 2.2 1|caph 0.153 59.15 2.3 0|casGamma 0.945 60.72 2.2 -1|ruchbah 1.43 60.24 2.7 0|segin 1.907 63.67 3.4 -1
arcturus 14.261 19.18 -0.05 1|izar 14.75 27.07 2.4 1|muphrid 13.911 18.4 2.7 0|seginus 14.535 38.31 3 0|nekkar 15.032 40.39 3.5 0|booDelta 15.258 33.31 3.5 0|booRho 14.531 30.37 3.6 0
spica 13.42 -11.16 1 -1|porrima 12.694 -1.45 2.7 0|vindemiatrix 13.036 10.96 2.8 1|virDelta 12.927 3.4 3.4 0|virZeta 13.578 -0.6 3.4 0
regulus 10.14 11.97 1.4 -1|denebola 11.818 14.57 2.1 0|algieba 10.333 19.84 2 1|zosma 11.235 20.52 2.6 0|chertan 11.237 15.43 3.3 0|adhafera 10.278 23.42 3.4 0|rasalas 9.879 26.01 3.9 0|leoEps 9.764 23.77 3 0|leoEta 10.122 16.76 3.5 0
gienah 12.263 -17.54 2.6 0|algorab 12.498 -16.52 2.9 0|kraz 12.573 -23.4 2.65 0|crvEps 12.169 -22.62 3 0
vega 18.616 38.78 0.03 -1|sheliak 18.835 33.36 3.5 0|sulafat 18.982 32.69 3.3 0|lyrDelta 18.908 36.9 4.3 0|lyrZeta 18.746 37.61 4.4 0
altair 19.846 8.87 0.77 0|tarazed 19.771 10.61 2.7 1|alshain 19.922 6.41 3.7 0|aqlZeta 19.09 13.86 3 0|aqlDelta 19.425 3.11 3.4 0|aqlTheta 20.188 -0.82 3.2 0|aqlLambda 19.104 -4.88 3.4 0
deneb 20.69 45.28 1.25 0|sadr 20.37 40.26 2.2 0|albireo 19.512 27.96 3.1 1|cygEps 20.77 33.97 2.5 0|cygDelta 19.75 45.13 2.9 0|cygEta 19.938 35.08 3.9 0
markab 23.079 15.21 2.5 0|scheat 23.063 28.08 2.4 1|algenib 0.22 15.18 2.8 0|alpheratz 0.14 29.09 2.06 -1|enif 21.736 9.88 2.4 1|homam 22.691 10.83 3.4 0|matar 22.717 30.22 2.9 0|biham 22.17 6.2 3.5 0
mirach 1.162 35.62 2.05 1|almach 2.065 42.33 2.1 1|andDelta 0.655 30.86 3.3 0|andMu 0.946 38.5 3.9 0|andNu 0.83 41.08 4.5 0|m31 0.712 41.27 4.6 0|mirfak 3.405 49.86 1.8 0|algol 3.136 40.96 2.1 0|fomalhaut 22.961 -29.62 1.16 0
betelgeuse 5.919 7.41 0.5 1|rigel 5.242 -8.2 0.13 -1|bellatrix 5.419 6.35 1.6 -1|mintaka 5.533 -0.3 2.2 0|alnilam 5.604 -1.2 1.7 0|alnitak 5.679 -1.94 1.7 0|saiph 5.796 -9.67 2.1 0|meissa 5.585 9.93 3.4 0
aldebaran 4.599 16.51 0.86 1|elnath 5.438 28.61 1.65 0|tauZeta 5.627 21.14 3 0|tauGamma 4.33 15.63 3.65 0|tauEps 4.477 19.18 3.5 0
alcyone 3.791 24.1 2.9 -1|atlas 3.819 24.05 3.6 0|electra 3.748 24.11 3.7 0|maia 3.763 24.37 3.9 0|merope 3.772 23.95 4.2 0|taygeta 3.753 24.47 4.3 0
pollux 7.755 28.03 1.14 1|castor 7.577 31.89 1.6 0|alhena 6.629 16.4 1.9 0|capella 5.278 46 0.08 0|menkalinan 5.992 44.95 1.9 0|aurTheta 5.995 37.21 2.6 0|aurIota 4.95 33.17 2.7 0
sirius 6.752 -16.72 -1.46 0|adhara 6.977 -28.97 1.5 -1|wezen 7.14 -26.39 1.8 0|mirzam 6.378 -17.96 2 0|aludra 7.402 -29.3 2.45 0|procyon 7.655 5.22 0.34 0|gomeisa 7.453 8.29 2.9 0`

export const stars: ReadonlyMap<string, Star> = new Map(rows.trim().split(/[|\n]/).map((row) => {
  const [name = '', ra, dec, magnitude, warmth] = row.trim().split(' ')
  return [name, { ra: Number(ra), dec: Number(dec), magnitude: Number(magnitude), warmth: warmth === '1' ? 1 : warmth === '-1' ? -1 : 0 }]
}))

export function starOf(name: string): Star {
  const star = stars.get(name)
  if (star === undefined) throw new Error(`no such star: ${name}`)
  return star
}
