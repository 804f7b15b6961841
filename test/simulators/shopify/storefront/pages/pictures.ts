/** Still lifes of the goods, drawn in one square of 400 units: where the light falls from, and what stands on the table. */
interface Picture {
  wall: readonly [string, string];
  table: string;
  thing: string;
}

const TABLE = {
  mug: {
    wall: ["#dfeae6", "#b9d2cb"],
    table: "#f3e8d8",
    thing: `
      <path d="M262 176c44-6 66 18 60 52-5 29-33 45-66 40l4-22c22 3 38-5 41-22 3-18-9-30-35-27z" fill="#3f6f72"/>
      <path d="M118 150h150l-10 138c-1 14-12 24-26 24h-78c-14 0-25-10-26-24z" fill="#4f8588"/>
      <path d="M118 150h150l-4 52c-40 16-104 18-142 2z" fill="#dfe9df"/>
      <path d="M122 202c38 17 102 15 142-1l-1 13c-34 15-100 18-140 2z" fill="#a9c7bd"/>
      <ellipse cx="193" cy="150" rx="75" ry="15" fill="#c4d8cf"/><ellipse cx="193" cy="152" rx="64" ry="11" fill="#5b3d2c"/>
      <path d="M172 122c-9-15 11-20 2-38M203 120c-9-15 11-20 2-38" stroke="#fff" stroke-width="6" stroke-linecap="round" fill="none" opacity=".7"/>`,
  },
  throw: {
    wall: ["#efe3e6", "#d9bfc8"],
    table: "#efe5d6",
    thing: `
      <rect x="88" y="250" width="228" height="66" rx="30" fill="#6d5068"/><rect x="94" y="194" width="216" height="66" rx="30" fill="#8d6b86"/>
      <rect x="104" y="140" width="200" height="64" rx="30" fill="#b391a8"/>
      <g fill="none" stroke="#e9d7e1" stroke-width="4" stroke-linecap="round" opacity=".6"><path d="M134 158h140M134 172h140M134 186h140M126 226h156M126 240h156M120 282h168M120 296h168"/></g>
      <path d="M120 140c-24 8-30 40-30 70v64h58v-64c0-34 6-60 34-70z" fill="#c7a8bd"/><path d="M106 150c-12 14-14 38-14 60v64h14v-64c0-26 4-48 14-66z" fill="#d8bfd0"/>
      <g stroke="#8d6b86" stroke-width="4" stroke-linecap="round"><path d="M95 276v18M105 276v18M115 276v18M125 276v18M135 276v18M144 276v18"/></g>`,
  },
  candle: {
    wall: ["#2f4340", "#55706a"],
    table: "#cfa97f",
    thing: `
      <circle cx="200" cy="138" r="96" fill="#ffdf9e" opacity=".22"/><circle cx="200" cy="138" r="54" fill="#ffdf9e" opacity=".35"/>
      <path d="M134 200h132v96c0 10-8 18-18 18h-96c-10 0-18-8-18-18z" fill="#f4e2b8"/>
      <path d="M134 200h44v114h-26c-10 0-18-8-18-18z" fill="#fff3d4"/><ellipse cx="200" cy="200" rx="66" ry="13" fill="#ffe9b0"/>
      <path d="M200 200v-26" stroke="#4a3b2d" stroke-width="5" stroke-linecap="round"/>
      <path d="M200 108c20 24 24 40 19 54-4 11-34 11-38 0-5-14-1-30 19-54z" fill="#ffb84d"/><path d="M200 136c9 12 11 20 8 27-3 6-13 6-16 0-3-7-1-15 8-27z" fill="#fff1c9"/>
      <rect x="160" y="236" width="80" height="44" rx="5" fill="#fffaf0"/><path d="M174 252h52M182 264h36" stroke="#b0895c" stroke-width="4" stroke-linecap="round"/>`,
  },
  tray: {
    wall: ["#f0e6d6", "#dcc7a6"],
    table: "#fbf4e8",
    thing: `
      <ellipse cx="200" cy="236" rx="150" ry="74" fill="#4c2f1e"/><ellipse cx="200" cy="226" rx="150" ry="72" fill="#75492c"/>
      <ellipse cx="200" cy="224" rx="132" ry="60" fill="#8f5d39"/>
      <g fill="none" stroke="#6c4327" stroke-width="3" opacity=".7"><path d="M78 214c60-26 182-28 244 2M72 232c70-26 190-24 256 4M88 252c60-22 168-22 226 2"/><path d="M170 222c18-11 44-9 58 2-16 12-44 11-58-2z"/></g>
      <path d="M168 196c0-22 17-36 38-36s38 14 38 36c0 21-17 33-38 33s-38-12-38-33z" fill="#e8a04c"/><path d="M206 162c2-14 12-22 26-20-2 14-12 21-26 20z" fill="#5f7d4a"/><circle cx="192" cy="186" r="9" fill="#f6c98c" opacity=".8"/>`,
  },
  kettle: {
    wall: ["#e6eadb", "#c4cfae"],
    table: "#f1e4cf",
    thing: `
      <path d="M140 176c-6-64 126-64 120 0" fill="none" stroke="#6e4a31" stroke-width="13" stroke-linecap="round"/>
      <path d="M272 236c36-8 44-34 50-62l24 8c-6 44-26 82-72 88z" fill="#45603f"/>
      <path d="M120 188h160c16 26 22 60 14 98-3 16-15 26-31 26H137c-16 0-28-10-31-26-8-38-2-72 14-98z" fill="#587a50"/>
      <path d="M120 188h70c-22 34-28 84-16 124h-37c-16 0-28-10-31-26-8-38-2-72 14-98z" fill="#6f9265"/>
      <ellipse cx="200" cy="188" rx="80" ry="15" fill="#7fa274"/><path d="M186 172c0-16 28-16 28 0z" fill="#3d2a1d"/><circle cx="200" cy="160" r="10" fill="#3d2a1d"/>`,
  },
  notebook: {
    wall: ["#e3e4ee", "#bfc4d9"],
    table: "#efe7da",
    thing: `
      <g transform="rotate(-8 200 214)"><rect x="118" y="112" width="164" height="208" rx="10" fill="#26344f"/><rect x="126" y="106" width="160" height="206" rx="9" fill="#fdf8ec"/>
      <rect x="118" y="100" width="164" height="208" rx="10" fill="#3c5280"/><rect x="118" y="100" width="26" height="208" rx="8" fill="#2d3f66"/>
      <rect x="168" y="142" width="88" height="58" rx="4" fill="#f6ecd6"/><path d="M182 160h60M182 174h60M182 188h34" stroke="#b7a98a" stroke-width="4" stroke-linecap="round"/><path d="M246 100v70l10-10 10 10v-70z" fill="#c8704d"/></g>
      <path d="M292 316l40-128 15 5-40 128-12 15z" fill="#d9a441"/><path d="M332 188l6-18 15 5-6 18z" fill="#b0543a"/><path d="M292 316l3 20 12-15z" fill="#3a2c21"/>`,
  },
  vase: {
    wall: ["#f4e4da", "#e3bfae"],
    table: "#f7eee3",
    thing: `
      <path d="M204 190c-4-50 8-86 34-112M202 190c4-42-14-74-40-94M204 186c0-48-2-80 2-116" stroke="#5b7350" stroke-width="5" fill="none" stroke-linecap="round"/>
      <g fill="#c8704d"><circle cx="240" cy="74" r="20"/><circle cx="160" cy="94" r="16"/></g><circle cx="206" cy="62" r="22" fill="#e2a24b"/><g fill="#fbe9d2"><circle cx="240" cy="74" r="7"/><circle cx="160" cy="94" r="6"/><circle cx="206" cy="62" r="8"/></g>
      <path d="M226 142c16-4 26 4 28 16-14 4-24-2-28-16zM184 134c-16-6-26 0-30 12 14 6 24 2 30-12z" fill="#6f8a61"/>
      <path d="M184 176h36c0 30 44 46 44 92 0 32-28 48-62 48s-62-16-62-48c0-46 44-62 44-92z" fill="#f6efe6"/><path d="M184 176h16c-4 34-32 52-34 92-1 24 8 40 22 47-28-4-48-19-48-47 0-46 44-62 44-92z" fill="#fffdf9"/><ellipse cx="202" cy="176" rx="18" ry="5" fill="#d9c8b6"/>`,
  },
  towel: {
    wall: ["#e9ede2", "#ccd6bd"],
    table: "#efe6d5",
    thing: `
      <rect x="70" y="96" width="260" height="12" rx="6" fill="#8a6442"/><circle cx="70" cy="102" r="11" fill="#6e4d31"/><circle cx="330" cy="102" r="11" fill="#6e4d31"/>
      <path d="M128 98h144v206c-24 8-48-6-72 2s-48-8-72 0z" fill="#efe5d0"/><path d="M128 98h38v204c-14-1-26-1-38 2z" fill="#fbf4e4"/>
      <g fill="none" stroke="#7f9a72" stroke-width="6"><path d="M128 262l12 10 12-10 12 10 12-10 12 10 12-10 12 10 12-10 12 10 12-10 12 10 12-10"/><path d="M128 240h144M128 284c24-8 48 8 72 0s48 6 72-2" stroke-width="4"/></g>`,
  },
} as const satisfies Record<string, Picture>;

export type PictureName = keyof typeof TABLE;

export function isPicture(name: string): name is PictureName {
  return Object.hasOwn(TABLE, name);
}

/** A whole SVG document. */
export function picture(name: PictureName): string {
  const { wall, table, thing } = TABLE[name];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">
    <defs>
      <linearGradient id="wall" x1="0" y1="0" x2="1" y2="1"><stop stop-color="${wall[0]}"/><stop offset="1" stop-color="${wall[1]}"/></linearGradient>
      <radialGradient id="light" cx=".28" cy=".2" r=".8"><stop stop-color="#fff" stop-opacity=".55"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>
    </defs>
    <rect width="400" height="400" fill="url(#wall)"/><rect width="400" height="400" fill="url(#light)"/>
    <path d="M0 286c120-14 280-14 400 0v114H0z" fill="${table}"/>
    <ellipse cx="206" cy="318" rx="120" ry="16" fill="#2a2018" opacity=".16"/>${thing}
  </svg>`;
}
