// The way that the picked nurse has come: read once when somebody is picked, and drawn on by what is seen since.

const GAP_MS = 600_000; // between two points further apart in time nothing is known of the way

export class Trail {
  constructor(live, team, redraw) {
    Object.assign(this, { live, team, redraw, nurseId: null, points: [] });
  }

  /** Follow this nurse; null follows nobody. */
  async follow(nurseId) {
    if (nurseId === this.nurseId) return;
    Object.assign(this, { nurseId, points: [] });
    if (!nurseId) return;
    const query = new URLSearchParams({ team: this.team, nurse: nurseId });
    try {
      const answer = await fetch(`/api/v1/trail?${query}`);
      if (!answer.ok || nurseId !== this.nurseId) return;
      const past = (await answer.json()).map(({ at, lat, lon }) => ({ at: Date.parse(at), lat, lon }));
      const newest = past.at(-1)?.at ?? 0;
      this.points = [...past, ...this.points.filter(({ at }) => at > newest)];
    } catch {
      return; // the way so far is not known; what comes is drawn all the same
    }
    this.redraw();
  }

  /** Take in where the nurse is now. */
  note() {
    const seen = this.live.board.nurses.get(this.nurseId)?.position;
    const at = Date.parse(seen?.at);
    if (seen && at > (this.points.at(-1)?.at ?? 0)) this.points.push({ at, lat: seen.lat, lon: seen.lon });
  }

  /** Pieces without a gap, each a list of places. */
  pieces() {
    const found = [];
    this.points.forEach((point, place) => {
      if (!place || point.at - this.points[place - 1].at > GAP_MS) found.push([]);
      found.at(-1).push(point);
    });
    return found;
  }
}
