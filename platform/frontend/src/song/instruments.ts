/** General MIDI: the 128 programs with their families, and the sounds of the drum kit. */

/** Families of eight programs each, in order. */
const FAMILIES: readonly (readonly [string, string])[] = [
  [
    "Piano",
    "Grand Piano|Bright Piano|Electric Grand|Honky-Tonk Piano|Electric Piano 1|Electric Piano 2|Harpsichord|Clavinet",
  ],
  [
    "Chromatic Percussion",
    "Celesta|Glockenspiel|Music Box|Vibraphone|Marimba|Xylophone|Tubular Bells|Dulcimer",
  ],
  [
    "Organ",
    "Drawbar Organ|Percussive Organ|Rock Organ|Church Organ|Reed Organ|Accordion|Harmonica|Bandoneon",
  ],
  [
    "Guitar",
    "Nylon Guitar|Steel Guitar|Jazz Guitar|Clean Guitar|Muted Guitar|Overdriven Guitar|Distorted Guitar|Guitar Harmonics",
  ],
  [
    "Bass",
    "Acoustic Bass|Fingered Bass|Picked Bass|Fretless Bass|Slap Bass 1|Slap Bass 2|Synth Bass 1|Synth Bass 2",
  ],
  ["Strings", "Violin|Viola|Cello|Contrabass|Tremolo Strings|Pizzicato Strings|Harp|Timpani"],
  [
    "Ensemble",
    "String Ensemble|Slow Strings|Synth Strings 1|Synth Strings 2|Choir Aahs|Voice Oohs|Synth Voice|Orchestra Hit",
  ],
  [
    "Brass",
    "Trumpet|Trombone|Tuba|Muted Trumpet|French Horn|Brass Section|Synth Brass 1|Synth Brass 2",
  ],
  ["Reed", "Soprano Sax|Alto Sax|Tenor Sax|Baritone Sax|Oboe|English Horn|Bassoon|Clarinet"],
  ["Pipe", "Piccolo|Flute|Recorder|Pan Flute|Blown Bottle|Shakuhachi|Whistle|Ocarina"],
  [
    "Synth Lead",
    "Square Lead|Sawtooth Lead|Calliope Lead|Chiff Lead|Charang Lead|Voice Lead|Fifths Lead|Bass and Lead",
  ],
  [
    "Synth Pad",
    "New Age Pad|Warm Pad|Polysynth Pad|Choir Pad|Bowed Pad|Metallic Pad|Halo Pad|Sweep Pad",
  ],
  ["Synth Effects", "Rain|Soundtrack|Crystal|Atmosphere|Brightness|Goblins|Echoes|Sci-Fi"],
  ["World", "Sitar|Banjo|Shamisen|Koto|Kalimba|Bagpipe|Fiddle|Shanai"],
  [
    "Percussive",
    "Tinkle Bell|Agogo|Steel Drums|Woodblock|Taiko Drum|Melodic Tom|Synth Drum|Reverse Cymbal",
  ],
  [
    "Sound Effects",
    "Fret Noise|Breath Noise|Seashore|Birdsong|Telephone|Helicopter|Applause|Gunshot",
  ],
];

const FIRST_DRUM = 35;
const DRUMS =
  "Low Kick|Kick|Side Stick|Snare|Hand Clap|Electric Snare|Low Floor Tom|Closed Hi-Hat|" +
  "High Floor Tom|Pedal Hi-Hat|Low Tom|Open Hi-Hat|Low-Mid Tom|High-Mid Tom|Crash Cymbal 1|" +
  "High Tom|Ride Cymbal 1|China Cymbal|Ride Bell|Tambourine|Splash Cymbal|Cowbell|" +
  "Crash Cymbal 2|Vibraslap|Ride Cymbal 2|High Bongo|Low Bongo|Muted High Conga|" +
  "Open High Conga|Low Conga|High Timbale|Low Timbale|High Agogo|Low Agogo|Cabasa|Maracas|" +
  "Short Whistle|Long Whistle|Short Guiro|Long Guiro|Claves|High Woodblock|Low Woodblock|" +
  "Muted Cuica|Open Cuica|Muted Triangle|Open Triangle";

export const DRUM_KIT = "Drum Kit";

export interface Family {
  readonly name: string;
  readonly instruments: readonly Instrument[];
}

export interface Instrument {
  /** 0 to 127. */
  readonly program: number;
  readonly name: string;
}

/** The 16 families with their 8 instruments each, as a list to choose from shows them. */
export const INSTRUMENT_FAMILIES: readonly Family[] = FAMILIES.map(([name, names], family) => ({
  name,
  instruments: names.split("|").map((each, place) => ({ program: 8 * family + place, name: each })),
}));

const PROGRAMS = INSTRUMENT_FAMILIES.flatMap((family) => family.instruments);
const DRUM_SOUNDS: readonly string[] = DRUMS.split("|");

/** The sounds of the drum kit, by rising pitch. */
export const DRUM_NAMES = DRUM_SOUNDS;

/** "Violin" for 40; the drum kit for a track of drums. */
export function instrumentName(track: {
  readonly program: number;
  readonly isDrum: boolean;
}): string {
  return track.isDrum
    ? DRUM_KIT
    : (PROGRAMS[track.program]?.name ?? `Program ${track.program + 1}`);
}

/** "Snare" for pitch 38 of a drum track; null where General MIDI names no sound. */
export function drumName(pitch: number): string | null {
  return DRUM_SOUNDS[pitch - FIRST_DRUM] ?? null;
}

/** 38 for "snare"; null for what is no sound of the drum kit. */
export function pitchOfDrum(name: string): number | null {
  const wanted = name.trim().toLowerCase();
  const place = DRUM_SOUNDS.findIndex((sound) => sound.toLowerCase() === wanted);
  return place < 0 ? null : FIRST_DRUM + place;
}
