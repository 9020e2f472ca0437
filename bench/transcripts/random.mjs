// A seeded generator of numbers and ids (sfc32): the same seed gives the same sequence everywhere.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const WARM_UP = 16;

function sfc32(seed) {
  let a = seed >>> 0;
  let b = 0x9e3779b9;
  let c = 0x243f6a88;
  let d = 1;
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  };
  for (let i = 0; i < WARM_UP; i++) next();
  return next;
}

export function createRandom(seed) {
  const uint32 = sfc32(seed);
  const below = limit => Math.floor((uint32() / 2 ** 32) * limit);
  const hex8 = () => uint32().toString(16).padStart(8, '0');

  function base62(length) {
    let text = '';
    while (text.length < length) {
      let bits = uint32();
      for (let i = 0; i < 5 && text.length < length; i++) {
        text += ALPHABET[bits % ALPHABET.length];
        bits = Math.floor(bits / ALPHABET.length);
      }
    }
    return text;
  }

  function uuid() {
    const [a, b, c, d] = [hex8(), hex8(), hex8(), hex8()];
    const variant = '89ab'[Number.parseInt(c[0], 16) & 3];
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`;
  }

  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: share => uint32() < share * 2 ** 32,
    pick: list => list[below(list.length)],
    hex16: () => hex8() + hex8(),
    base62,
    uuid,
  };
}
