// What a few letters may mean: pure, but for the places, which are read from the bundled map once.

import { STATUSES, statusOf } from "./standing.js";
import { reference, service } from "./words.js";

/** Nurses, patients and places that match, best first: `{ mark, title, note, nurseId?, stopKey?, spot? }`. */
export function found(words, board, places) {
  const wanted = plain(words);
  const nurses = [...board.nurses.values()].map((nurse) => ({
    text: nurse.name,
    mark: "person",
    title: nurse.name,
    note: STATUSES[statusOf(nurse)].word,
    nurseId: nurse.id,
  }));
  const stops = [...board.stops.values()].map((stop) => ({
    text: reference(stop.visit.patient),
    mark: "visit",
    title: reference(stop.visit.patient),
    note: `${service(stop.service)} · ${board.nurses.get(stop.nurseId)?.name ?? "in no round"}`,
    nurseId: stop.nurseId,
    stopKey: stop.key,
  }));
  const spots = places.map(({ name, lat, lon }) => ({ text: name, mark: "place", title: name, note: "Place", spot: { lat, lon } }));
  return [...nurses, ...stops, ...spots]
    .map((each) => ({ ...each, rank: rank(plain(each.text), wanted) }))
    .filter((each) => each.rank < Infinity)
    .sort((a, b) => a.rank - b.rank || a.text.localeCompare(b.text));
}

/** 0 begins with it, 1 a word of it does, 2 it is somewhere in it; Infinity it is not. */
function rank(text, wanted) {
  if (text.startsWith(wanted)) return 0;
  if (text.split(/[\s-]+/u).some((word) => word.startsWith(wanted))) return 1;
  return text.includes(wanted) ? 2 : Infinity;
}

/** Small letters without accents: who types `zoe` means Zoë. */
function plain(text) {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}

/** The named places of the bundled map of where a team works; none where there is no such map. */
export async function placesOf(team, bases) {
  const holds = ({ bbox: [west, south, east, north] }) =>
    team && west <= team.base_lon && team.base_lon <= east && south <= team.base_lat && team.base_lat <= north;
  const base = team?.planar ? null : bases.find(holds);
  if (!base) return [];
  try {
    const { features } = await (await fetch(base.url)).json();
    const named = new Map();
    for (const { properties, geometry } of features) {
      if (properties.name && !named.has(properties.name)) named.set(properties.name, middle(geometry.coordinates));
    }
    return [...named].map(([name, [lon, lat]]) => ({ name, lat, lon }));
  } catch {
    return []; // places are a help: nurses and patients are found without them
  }
}

function middle(coordinates) {
  const points = coordinates.flat(Infinity);
  const along = (axis) => points.filter((_, place) => place % 2 === axis);
  return [0, 1].map((axis) => (Math.min(...along(axis)) + Math.max(...along(axis))) / 2);
}
