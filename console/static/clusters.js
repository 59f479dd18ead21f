// Visits too near to each other to be told apart are drawn as one mark with their number: pure.

const CELL_PX = 34;
const ALONE_UP_TO = 4; // so many neighbours can still be told apart
const STAND_OUT = new Set(["late", "missed", "unallocated", "at_risk", "overrunning", "no_access", "in_progress"]);

/**
 * `marks` are `{ at: { x, y }, state, picked }`. Gives `{ single, groups }`: marks to draw as they are, and
 * `{ at, count, done }` for those that would cover each other. What somebody picked, or must look at, is never hidden.
 */
export function clustered(marks) {
  const cells = new Map();
  const single = [];
  for (const mark of marks) {
    if (mark.picked || STAND_OUT.has(mark.state) || mark.unallocated) {
      single.push(mark);
      continue;
    }
    const key = `${Math.floor(mark.at.x / CELL_PX)},${Math.floor(mark.at.y / CELL_PX)}`;
    cells.set(key, [...(cells.get(key) ?? []), mark]);
  }
  const groups = [];
  for (const near of cells.values()) {
    if (near.length <= ALONE_UP_TO) single.push(...near);
    else groups.push({ at: middle(near), count: near.length, done: near.every(({ state }) => state === "done") });
  }
  return { single, groups };
}

function middle(marks) {
  const mean = (axis) => marks.reduce((sum, { at }) => sum + at[axis], 0) / marks.length;
  return { x: mean("x"), y: mean("y") };
}
