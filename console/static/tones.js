// Two tones, made by the browser: no file, and none before somebody here has asked for sound.

const WANTED_KEY = "db-sound";
const TONES_HZ = [880, 660];
const TONE_S = 0.25;
const LOUDNESS = 0.25;

export class Tones {
  /** `changed` is called when it is switched, and when the browser allows it. */
  constructor(changed) {
    Object.assign(this, { changed, context: null, wanted: localStorage.getItem(WANTED_KEY) === "on" });
    this.allow = () => this.wanted && this.open();
    // A browser lets a page sound only after it was touched: what was remembered waits for that.
    document.addEventListener("pointerdown", this.allow);
    document.addEventListener("keydown", this.allow);
  }

  get allowed() {
    return this.context?.state === "running";
  }

  toggle() {
    this.wanted = !this.wanted;
    localStorage.setItem(WANTED_KEY, this.wanted ? "on" : "off");
    if (this.wanted) this.open().then(() => this.play());
    this.changed();
  }

  async open() {
    this.context ??= new AudioContext();
    if (!this.allowed) await this.context.resume();
    this.changed();
  }

  play() {
    if (!this.wanted || !this.allowed) return;
    TONES_HZ.forEach((hertz, place) => this.sound(hertz, this.context.currentTime + place * TONE_S));
  }

  sound(hertz, at) {
    const tone = new OscillatorNode(this.context, { frequency: hertz });
    const volume = new GainNode(this.context, { gain: LOUDNESS });
    tone.connect(volume).connect(this.context.destination);
    tone.start(at);
    tone.stop(at + TONE_S);
  }

  end() {
    document.removeEventListener("pointerdown", this.allow);
    document.removeEventListener("keydown", this.allow);
    this.context?.close();
  }
}
