// Pictures of products, drawn from their kind and coloured by their id, so that the demo carries no photograph.

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Outlines on a field of 120 × 90. */
const OUTLINES = {
  tents: "M15 75 60 20 105 75zM60 20v55M45 75l15-25 15 25",
  "sleeping-bags": "M40 15q20-10 40 0l6 50q-26 20-52 0zM44 30q16 8 32 0M43 42q17 8 34 0M41 54q19 8 38 0",
  mats: "M20 65h65V35H20zM85 65a15 15 0 1 0-15-15M20 45h55M20 55h55",
  boots: "M45 15h22v30l28 12v16H40zM45 25h22M46 35h20M40 65h55",
  "trail-shoes": "M20 60q5-22 22-28l14 12q18 10 42 12v14H20zM48 40l8-6M56 46l8-6M20 62h78",
  packs: "M40 30q0-15 20-15t20 15v45H40zM46 45h28v20H46zM50 30h20M52 15q8-8 16 0",
  jackets: "M45 18q15 10 30 0l20 14-6 20-9-4v27H40V48l-9 4-6-20zM60 22v53",
  "base-layers": "M45 20q15 8 30 0l18 12-6 16-7-3v30H40V45l-7 3-6-16z",
  poles: "M40 12 52 78M80 12 68 78M36 18h10M74 18h10M48 70h9M63 70h9",
  lamps: "M46 20q14-18 28 0M42 22h36v9H42zM46 31h28v31H46zM42 62h36v11H42zM55 40h10v14H55z",
  skis: "M45 10q-6 6-4 14l8 54h7L48 20q0-6-3-10zM75 10q6 6 4 14l-8 54h-7l8-58q0-6 3-10z",
  "ski-boots": "M45 12h26l4 34 18 8v20H38zM44 24h28M43 36h31M38 64h55",
  socks: "M50 12h24v36l-6 22q-3 10-14 8l-18-4q-6-8 4-12l10-6zM50 22h24",
  bottles: "M52 12h16v8l6 8v48H46V28l6-8zM46 42h28M46 60h28",
  maps: "M20 25 47 18 73 25 100 18v50l-27 7-26-7-27 7zM47 18v50M73 25v50",
  helmets: "M25 58q0-36 35-36t35 36zM25 58h70M45 30q8-6 15-6M50 58l4 14h12l4-14",
  goggles: "M22 38q38-14 76 0v14q-8 16-24 10-14-8-28 0-16 6-24-10z",
  gloves: "M42 76V46l-8-14q-2-8 6-6l8 12V18q4-6 8 0v18-22q4-6 8 0v22-18q4-6 8 0v24q8 8 4 20l-6 14z",
  food: "M38 20h44l-4 55H42zM38 20q22-10 44 0M48 40h24M49 52h22",
  carabiners: "M45 25q0-12 15-12t15 12v38q0 14-15 14t-15-14zM45 35l10-4M75 30v30",
  hats: "M28 62q0-38 32-38t32 38zM26 62h68v10H26zM60 24v-8",
  ropes: "M60 20a25 25 0 1 0 .1 0M60 30a15 15 0 1 0 .1 0M78 62l16 14",
  cookware: "M30 35h50v30q-25 12-50 0zM80 42h22M30 35q25-10 50 0",
  stoves: "M40 75l8-25h24l8 25M42 40h36M50 40v10M70 40v10M60 12q10 12 0 22-10-10 0-22",
  care: "M50 15h20v12H50zM45 27h30v48H45zM45 45h30",
  harnesses: "M26 22h68v14H26zM34 36q-12 38 14 40q16-4 8-40zM86 36q12 38-14 40q-16-4-8-40zM55 36h10v14H55z",
  "climbing-shoes": "M22 66q4-30 24-38l14 14q20 6 38 20v8H22zM40 34l10 12M50 46l16-6",
  "water-filters": "M48 12h24v50H48zM54 62v14h12V62M48 26h24M48 40h24",
  gas: "M44 30q16-12 32 0v44H44zM54 20h12M56 14h8v8M44 48h32",
  chalk: "M42 32h36l6 42H36zM42 32q18-14 36 0",
};

/** A colour by the id, so that products of one kind and neighbouring ids differ. */
function hueOf(text) {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + letter.codePointAt(0)) % 99_991;
  return Math.round(hash * 137.5) % 360;
}

/** A picture of a product; it says nothing to a reader that its title does not say. */
export function drawProduct({ id, category }) {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 120 90");
  svg.setAttribute("class", "picture");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", OUTLINES[category] ?? "M40 20h40v50H40zM60 32v26M47 45h26");
  path.setAttribute("fill", `hsl(${hueOf(id)} 45% 72%)`);
  path.setAttribute("fill-rule", "evenodd");
  path.setAttribute("stroke", `hsl(${hueOf(id)} 40% 32%)`);
  path.setAttribute("stroke-width", "2.5");
  path.setAttribute("stroke-linejoin", "round");
  svg.append(path);
  return svg;
}
